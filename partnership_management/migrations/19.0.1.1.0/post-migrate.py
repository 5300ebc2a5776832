from datetime import timedelta

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file, sql

from odoo.addons.partnership_management.tools.internal import INTERNAL

# Data that are not created again where a user has deleted them: an update does not make them
NEW_DATA = (
    "data/partnership_informal_data.xml",
    "data/partnership_readiness_data.xml",
    "data/partnership_stage_criterion_data.xml",
)
LETTER_TEXTS = {
    "declined": "We understood that you do not wish to join at present.",
    "area": "The partnership is open to those who are active in its area.",
    "represented": "The interests for which you stand are represented already at present.",
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for filename in NEW_DATA:
        convert_file(env, "partnership_management", filename, {}, mode="init")
    mark_informal_roles(env)
    complete_enlargement(env)
    date_admissions(env)
    begin_stage_history(env)
    convert_zones(env)


def mark_informal_roles(env):
    """The role that we brought along, and what is given to those who are admitted informally."""
    stages = env["partnership.enlargement.stage"].with_context(active_test=False)
    roles = _get_ours(env, "partnership_role_informal") or env["partnership.role"]
    for stage in stages.search([("is_admission", "=", True), ("path", "!=", "formal")]):
        roles |= stage._get_role("informal")
    roles.filtered(lambda role: not role.is_formal).is_informal = True


def complete_enlargement(env):
    """New settings of data that users may have changed; what they have written stays."""
    stage = _get_ours(env, "partnership_enlargement_stage_decision")
    if stage:
        stage.needs_application = True
    for name, text in LETTER_TEXTS.items():
        reason = _get_ours(env, f"partnership_enlargement_refuse_reason_{name}")
        if reason and not reason.letter_text:
            reason.letter_text = text


def _get_ours(env, name):
    """:return: the record, or None if it was deleted"""
    return env.ref(f"partnership_management.{name}", raise_if_not_found=False)


def date_admissions(env):
    """Who was admitted stays in the stage of admission: it came in when it entered it."""
    env.cr.execute(
        """
        UPDATE partnership_candidate candidate
           SET date_admitted = (candidate.date_last_stage_update AT TIME ZONE 'UTC'
                                AT TIME ZONE COALESCE(place.tz, 'UTC'))::date
          FROM partnership_partnership place
         WHERE place.id = candidate.partnership_id
           AND candidate.state = 'admitted'
           AND candidate.date_admitted IS NULL
        """
    )
    env["partnership.candidate"].invalidate_model(["date_admitted"])


def begin_stage_history(env):
    """The stages of a partnership so far, as its chatter has them; the last one is open."""
    env.cr.execute(
        """
        WITH move AS (
            SELECT message.res_id AS partnership_id, message.date, track.id AS track_id,
                   track.old_value_integer AS before_id, track.new_value_integer AS stage_id,
                   message.create_uid AS user_id
              FROM mail_tracking_value track
              JOIN ir_model_fields field ON field.id = track.field_id
               AND field.model = 'partnership.partnership' AND field.name = 'stage_id'
              JOIN mail_message message ON message.id = track.mail_message_id
        ), step AS (
            SELECT place.id AS partnership_id, place.create_date AS date, 0 AS track_id,
                   COALESCE((SELECT before_id FROM move WHERE partnership_id = place.id
                           ORDER BY date, track_id LIMIT 1), place.stage_id) AS stage_id,
                   place.create_uid AS user_id
              FROM partnership_partnership place
             UNION ALL
            SELECT partnership_id, date, track_id, stage_id, user_id FROM move
        ), dated AS (
            SELECT step.partnership_id, step.stage_id, step.track_id, step.user_id, step.date,
                   (step.date AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(place.tz, 'UTC'))::date
                   AS day, place.stage_id AS stage_now_id
              FROM step
              JOIN partnership_partnership place ON place.id = step.partnership_id
        ), period AS (
            SELECT dated.*, LEAD(day) OVER following AS next_day,
                   ROW_NUMBER() OVER following AS number
              FROM dated
            WINDOW following AS (PARTITION BY partnership_id ORDER BY date, track_id)
        )
        INSERT INTO partnership_stage_history
               (partnership_id, stage_id, date_start, date_end, user_id,
                create_uid, write_uid, create_date, write_date)
        SELECT period.partnership_id, stage.id, period.day,
               CASE WHEN next_day IS NOT NULL THEN GREATEST(next_day - 1, day) END, user_id,
               %(uid)s, %(uid)s, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
          FROM period
          JOIN partnership_stage stage
            ON stage.id = CASE WHEN next_day IS NULL THEN stage_now_id ELSE stage_id END
         WHERE NOT EXISTS (SELECT 1 FROM partnership_stage_history history
                            WHERE history.partnership_id = period.partnership_id)
      ORDER BY period.partnership_id, period.number
        """,
        {"uid": SUPERUSER_ID},
    )
    env["partnership.partnership"].invalidate_model(["stage_history_ids"])


def convert_zones(env):
    """Make the texts values of the dimension, of each partnership its own, and date them."""
    if not sql.column_exists(env.cr, "partnership_membership", "zone"):
        return
    env.cr.execute(
        """
        SELECT id, partnership_id, partner_id, date_start, TRIM(zone)
          FROM partnership_membership
         ORDER BY partnership_id, partner_id, date_start, id
        """
    )
    rows = env.cr.fetchall()
    values = _create_zones(env, {(place, zone) for _id, place, *_rest, zone in rows if zone})
    members, periods = {}, {}
    for membership_id, place, partner, start, zone in rows:
        value = zone and values[place, zone.lower()]
        if value:
            members.setdefault(value, []).append(membership_id)
        periods.setdefault((place, partner), []).append((start, value))
    for value, ids in members.items():
        memberships = env["partnership.membership"].browse(ids)
        memberships.with_context(zone_from_trait=INTERNAL, tracking_disable=True).zone_id = value
    _create_traits(env, periods)
    env.flush_all()
    env.cr.execute("ALTER TABLE partnership_membership DROP COLUMN zone")


def _create_zones(env, pairs):
    """:param pairs: set of (partnership id, zone)
    :return: dict (partnership id, zone in small letters) -> value of the dimension"""
    names = {}
    for place, zone in sorted(pairs):  # of "North" and "north" the first
        names.setdefault((place, zone.lower()), zone)
    Value = env["partnership.dimension.value"]
    dimension = Value._get_zone_dimension()
    created = Value.create(
        [
            {"name": zone, "dimension_id": dimension.id, "partnership_id": place}
            for (place, _key), zone in names.items()
        ]
    )
    return dict(zip(names, created, strict=True))


def _create_traits(env, periods):
    """An actor that left and came back had the zone of each membership until the next began.

    :param periods: dict (partnership id, partner id) -> list of (first day, zone or None) of
        the memberships, the first first
    """
    vals_list = []
    for (place, partner), rows in periods.items():
        before = None
        for start, value in rows:
            if before and value and before["value_id"] == value.id:
                continue
            if before:
                before["date_end"] = start - timedelta(days=1)
            before = value and {
                "partnership_id": place,
                "partner_id": partner,
                "dimension_id": value.dimension_id.id,
                "value_id": value.id,
                "date_start": start,
            }
            if before:
                vals_list.append(before)
    env["partnership.trait"].with_context(zone_from_membership=INTERNAL).create(vals_list)
