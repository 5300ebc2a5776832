-- What a member's figures count of attendance, as of one day: its presence in 12 months, or as many
-- more up to 36 as make three units; the longest run of absences of its seats; who represented it
WITH line AS MATERIALIZED (
    SELECT seat.membership_id, attendance.seat_id, attendance.event_id, event.start,
           event.partnership_date AS date, attendance.person_id,
           CASE WHEN attendance.status IN ('present', 'late')
                THEN CASE WHEN mandate.kind = 'titular' OR individual.id IS NOT NULL THEN 1
                          WHEN mandate.kind = 'alternate' THEN 2
                          ELSE 3 END
                WHEN attendance.proxy_id IS NOT NULL THEN 4
                WHEN attendance.status = 'excused' THEN 5
                WHEN attendance.status = 'absent' THEN 6
                ELSE 7 END AS rank
      FROM partnership_attendance attendance
      JOIN calendar_event event
        ON event.id = attendance.event_id
       AND event.partnership_state = 'closed'
       AND event.partnership_body_id IS NOT NULL
      JOIN partnership_seat seat ON seat.id = attendance.seat_id
      JOIN partnership_membership membership
        ON membership.id = seat.membership_id
       AND (membership.date_end IS NULL OR membership.date_end >= %(date)s)
      LEFT JOIN partnership_mandate mandate ON mandate.id = attendance.mandate_id
      LEFT JOIN partnership_membership individual
        ON individual.id = attendance.membership_id
       AND individual.partner_id = attendance.person_id
     WHERE attendance.date <= %(date)s
       AND attendance.date > %(date)s::date - interval '36 months'
),
unit AS MATERIALIZED (
    SELECT membership_id, seat_id, event_id, date, start, MIN(rank) AS best,
           RANK() OVER (PARTITION BY membership_id ORDER BY date DESC) AS recency,
           DENSE_RANK() OVER (PARTITION BY membership_id
                                  ORDER BY date DESC, start DESC, event_id DESC) AS meeting
      FROM line
  GROUP BY membership_id, seat_id, event_id, date, start
    HAVING MIN(rank) <> 7
),
counted AS MATERIALIZED (
    SELECT *,
           COUNT(*) FILTER (WHERE best <> 6) OVER (PARTITION BY seat_id ORDER BY date, start,
                                                                                event_id) AS run
      FROM unit
     WHERE recency <= 3 OR date > %(date)s::date - interval '12 months'
),
presence AS (
    SELECT membership_id, COUNT(*) AS expected,
           COUNT(*) FILTER (WHERE best <= 3) AS represented,
           COUNT(*) FILTER (WHERE best IN (4, 5)) AS excused,
           COUNT(*) FILTER (WHERE best = 6) AS absent,
           COUNT(*) FILTER (WHERE best <= 2) AS valid
      FROM counted
  GROUP BY membership_id
),
absence AS (
    SELECT membership_id, SUM(longest) AS longest
      FROM (
          SELECT membership_id, seat_id, MAX(length) AS longest
            FROM (
                SELECT membership_id, seat_id, COUNT(*) AS length
                  FROM counted
                 WHERE best = 6
              GROUP BY membership_id, seat_id, run
                 ) run
        GROUP BY membership_id, seat_id
           ) seat
  GROUP BY membership_id
),
missed AS (
    SELECT membership_id, BOOL_AND(best = 6) AND MAX(meeting) = 3 AS in_a_row
      FROM unit
     WHERE meeting <= 3
  GROUP BY membership_id
),
came AS (
    SELECT counted.membership_id, event_id, seat_id, line.person_id, line.rank,
           COUNT(*) OVER (PARTITION BY counted.membership_id, line.person_id) AS times
      FROM counted
      JOIN line USING (event_id, seat_id)
     WHERE line.rank <= 3
),
face AS (
    SELECT membership_id, person_id, COUNT(*) FILTER (WHERE place = 1) AS meetings
      FROM (
          SELECT came.*,
                 ROW_NUMBER() OVER (PARTITION BY event_id, seat_id
                                        ORDER BY rank, times DESC, person_id) AS place
            FROM came
           ) placed
  GROUP BY membership_id, person_id
),
represented AS (
    SELECT membership_id, COUNT(*) AS representatives,
           SUM(meetings * meetings)::float / SUM(meetings)::float ^ 2 AS continuity
      FROM face
  GROUP BY membership_id
)
SELECT membership_id, expected, represented, excused, absent, valid,
       COALESCE(absence.longest, 0) AS longest_absence, missed.in_a_row AS absent_in_a_row,
       COALESCE(representatives, 0) AS representatives,
       CASE WHEN expected >= 3 THEN represented::float / expected END AS presence_rate,
       CASE WHEN expected >= 3 THEN (represented + excused)::float / expected
            END AS commitment_rate,
       CASE WHEN expected >= 3 THEN 1 - COALESCE(absence.longest, 0)::float / expected
            END AS regularity,
       CASE WHEN represented >= 3 THEN valid::float / represented END AS validity_rate,
       CASE WHEN represented >= 3 THEN continuity END AS continuity
  FROM presence
  JOIN missed USING (membership_id)
  LEFT JOIN absence USING (membership_id)
  LEFT JOIN represented USING (membership_id)
ORDER BY membership_id;
