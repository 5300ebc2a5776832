-- Seats at closed meetings by interest group of the day, month and best outcome, with all subtotals
SELECT step.to_group_id, date_trunc('month', event.partnership_date::timestamp)::date AS month,
       CASE WHEN place.best = 6 AND actor.is_company AND NOT place.is_held
             AND NOT EXISTS (
                     SELECT FROM partnership_mandate holder
                      WHERE holder.seat_id = seat.id
                        AND holder.date_start <= event.partnership_date
                        AND (holder.date_end IS NULL OR holder.date_end >= event.partnership_date)
                 ) THEN 'vacant'
            ELSE (ARRAY['titular', 'alternate', 'unmandated', 'proxy', 'excused', 'absent',
                        'not_recorded'])[place.best] END AS outcome,
       COUNT(*)
  FROM (
      SELECT attendance.event_id, attendance.seat_id,
             BOOL_OR(attendance.mandate_id IS NOT NULL) AS is_held,
             MIN(CASE WHEN attendance.status IN ('present', 'late')
                      THEN CASE WHEN mandate.kind = 'titular' OR individual.id IS NOT NULL THEN 1
                                WHEN mandate.kind = 'alternate' THEN 2
                                ELSE 3 END
                      WHEN attendance.proxy_id IS NOT NULL THEN 4
                      WHEN attendance.status = 'excused' THEN 5
                      WHEN attendance.status = 'absent' THEN 6
                      ELSE 7 END) AS best
        FROM partnership_attendance attendance
        LEFT JOIN partnership_mandate mandate ON mandate.id = attendance.mandate_id
        LEFT JOIN partnership_membership individual
          ON individual.id = attendance.membership_id
         AND individual.partner_id = attendance.person_id
       WHERE attendance.seat_id IS NOT NULL
    GROUP BY attendance.event_id, attendance.seat_id
       ) place
  JOIN calendar_event event
    ON event.id = place.event_id
   AND event.partnership_state = 'closed'
   AND event.partnership_body_id IS NOT NULL
  JOIN partnership_seat seat ON seat.id = place.seat_id
  JOIN res_partner actor ON actor.id = seat.partner_id
  LEFT JOIN (
      SELECT membership_id, to_group_id, date,
             LEAD(date) OVER (PARTITION BY membership_id ORDER BY date, id) AS next_date
        FROM partnership_membership_transition
       ) step
    ON step.membership_id = seat.membership_id
   AND step.date <= event.partnership_date
   AND (step.next_date IS NULL OR step.next_date > event.partnership_date)
GROUP BY GROUPING SETS ((1, 2, 3), (1, 2), (1, 3), (1), (3), ());
