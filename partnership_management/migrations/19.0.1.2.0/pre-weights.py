"""A vote weight is a number from 0 to 1,000,000: what is none counts as one vote, and says so."""

import logging

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    cr.execute(
        """
        UPDATE partnership_seat seat
           SET vote_weight = CASE WHEN old.vote_weight = 'NaN' THEN 1 ELSE 1000000 END
          FROM partnership_seat old
         WHERE old.id = seat.id AND old.vote_weight > 1000000
     RETURNING seat.id, old.vote_weight
        """
    )
    for seat_id, weight in cr.fetchall():
        _logger.info(
            "Seat %s: the vote weight was %s, which no vote can be counted with", seat_id, weight
        )
