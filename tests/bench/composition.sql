-- Members of a day and presences of the 12 months to it, by interest group, sector and zone: of each
-- partnership as a whole and of each body, with the wanted share
WITH step AS MATERIALIZED (
    SELECT membership_id, to_role_id, to_group_id, date,
           LEAD(date) OVER (PARTITION BY membership_id ORDER BY date, id) AS next_date
      FROM partnership_membership_transition
),
member AS MATERIALIZED (
    SELECT membership.id, membership.partnership_id, membership.partner_id,
           step.to_group_id AS group_id
      FROM partnership_membership membership
      JOIN step
        ON step.membership_id = membership.id
       AND step.date <= %(date)s
       AND (step.next_date IS NULL OR step.next_date > %(date)s)
      JOIN partnership_role role ON role.id = step.to_role_id AND role.is_formal
     WHERE membership.date_start <= %(date)s
       AND (membership.date_end IS NULL OR membership.date_end >= %(date)s)
),
place AS (
    SELECT id AS membership_id, NULL::int AS body_id FROM member
     UNION ALL
    SELECT DISTINCT membership_id, body_id
      FROM partnership_seat
     WHERE date_start <= %(date)s AND (date_end IS NULL OR date_end >= %(date)s)
),
came AS MATERIALIZED (
    SELECT attendance.partnership_id, event.partnership_body_id AS body_id, attendance.date,
           membership.partner_id, step.to_group_id AS group_id
      FROM partnership_attendance attendance
      JOIN calendar_event event
        ON event.id = attendance.event_id
       AND event.partnership_state = 'closed'
       AND event.partnership_body_id IS NOT NULL
      JOIN partnership_membership membership ON membership.id = attendance.membership_id
      LEFT JOIN step
        ON step.membership_id = membership.id
       AND step.date <= attendance.date
       AND (step.next_date IS NULL OR step.next_date > attendance.date)
     WHERE attendance.status IN ('present', 'late')
       AND attendance.date <= %(date)s
       AND attendance.date > %(date)s::date - interval '12 months'
),
seen AS (
    SELECT partnership_id, body_id, partner_id, group_id, %(date)s::date AS date, 1 AS members,
           0 AS presences
      FROM member
      JOIN place ON place.membership_id = member.id
     UNION ALL
    SELECT partnership_id, body_id, partner_id, group_id, date, 0, 1
      FROM came
),
counted AS MATERIALIZED (
    SELECT partnership_id, body_id, group_id, NULL AS sector, NULL::int AS value_id,
           SUM(members) AS members, SUM(presences) AS presences
      FROM seen
     WHERE group_id IS NOT NULL
  GROUP BY 1, 2, 3
     UNION ALL
    SELECT seen.partnership_id, body_id, NULL, NULL, value_id, SUM(members), SUM(presences)
      FROM seen
      JOIN partnership_trait trait
        ON trait.partnership_id = seen.partnership_id
       AND trait.partner_id = seen.partner_id
       AND trait.date_start <= seen.date
       AND (trait.date_end IS NULL OR trait.date_end >= seen.date)
  GROUP BY 1, 2, 5
),
summed AS (
    SELECT * FROM counted
     UNION ALL
    SELECT partnership_id, NULL, group_id, sector, value_id, 0, presences FROM counted
),
wanted AS (
    SELECT line.partnership_id, place.body_id, interest_group_id AS group_id, sector, value_id,
           share
      FROM partnership_profile_line line
      JOIN (
               SELECT id AS partnership_id, NULL::int AS body_id FROM partnership_partnership
                UNION ALL
               SELECT partnership_id, id FROM partnership_body
           ) place USING (partnership_id)
),
cell AS (
    SELECT partnership_id, body_id, group_id, sector, value_id, MAX(share) AS wanted,
           COALESCE(SUM(members), 0) AS members, COALESCE(SUM(presences), 0) AS presences
      FROM (
          SELECT *, NULL::numeric AS share FROM summed
           UNION ALL
          SELECT summed.partnership_id, body_id, NULL, interest_group.sector, NULL, members,
                 presences, NULL
            FROM summed
            JOIN partnership_interest_group interest_group ON interest_group.id = group_id
           UNION ALL
          SELECT partnership_id, body_id, group_id, sector, value_id, NULL, NULL, share FROM wanted
           ) each
  GROUP BY 1, 2, 3, 4, 5
)
SELECT dimension.id AS dimension_id, group_id AS interest_group_id, cell.sector, value_id,
       SUM(members) AS members, SUM(presences) AS presences, AVG(wanted) AS wanted,
       AVG(member_share) AS member_share, AVG(presence_share) AS presence_share
  FROM (
      SELECT *,
             CASE WHEN SUM(members) OVER whole >= 3
                  THEN members::float / SUM(members) OVER whole END AS member_share,
             CASE WHEN SUM(presences) OVER whole >= 3
                  THEN presences::float / SUM(presences) OVER whole END AS presence_share,
             SUM(members + presences) OVER whole AS cases
        FROM cell
      WINDOW whole AS (PARTITION BY partnership_id, body_id, group_id IS NULL, sector IS NULL)
       ) cell
  JOIN partnership_dimension dimension
    ON dimension.kind = CASE WHEN group_id IS NOT NULL THEN 'group'
                             WHEN cell.sector IS NOT NULL THEN 'sector' ELSE 'zone' END
 WHERE cases > 0 OR body_id IS NULL
GROUP BY 1, 2, 3, 4;
