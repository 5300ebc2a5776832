-- The members of the partnerships number %(first)s to %(last)s: fifty each, whose board met fifty times,
-- monthly from January 2020 on. 400 make 20,000 memberships, 20,000 meetings and over a million rows.
-- One actor in ten is a person, one in twenty has nobody on its seat, one in five has had another
-- titular since July 2022, one in three has changed its interest group, one in fifty has left.
DROP TABLE IF EXISTS pg_temp.actor, pg_temp.interest_group, pg_temp.who, pg_temp.member;

CREATE OR REPLACE FUNCTION pg_temp.dice(sides int, a int, b int) RETURNS int IMMUTABLE LANGUAGE sql
    RETURN abs(hashint8(a * 1000003::bigint + b)::bigint) %% sides;

CREATE TEMP TABLE actor AS
SELECT n, 'Bench partnership ' || 1 + (n - 1) / 50 AS partnership, 'Bench actor ' || n AS name,
       n %% 10 = 9 AS is_person,
       n %% 20 = 3 AS is_vacant,
       CASE WHEN n %% 50 = 7 THEN date '2023-06-30' END AS date_end,
       1 + n %% 6 AS group_before,
       CASE WHEN n %% 3 = 0 THEN 1 + (n + 1) %% 6 ELSE 1 + n %% 6 END AS group_now
  FROM generate_series(50 * (%(first)s - 1) + 1, 50 * %(last)s) n;

CREATE TEMP TABLE interest_group AS
SELECT id, sector, row_number() OVER (ORDER BY id) AS n FROM partnership_interest_group;

WITH partner AS (
    INSERT INTO res_partner (name, complete_name, active, is_company, type, email)
    SELECT name, name, TRUE, NOT is_person, 'contact', 'bench' || n || '@test.example' FROM actor
     UNION ALL
    SELECT 'Bench person ' || n || letter, 'Bench person ' || n || letter, TRUE, FALSE, 'contact',
           NULL
      FROM actor, unnest(ARRAY['a', 'b', 'c']) letter
 RETURNING id, name
)
SELECT id, name INTO TEMP TABLE who FROM partner;

UPDATE res_partner SET commercial_partner_id = id WHERE id IN (SELECT id FROM who);

WITH membership AS (
    INSERT INTO partnership_membership
           (partnership_id, company_id, partner_id, role_id, interest_group_id, sector, is_formal,
            date_start, date_end)
    SELECT partnership.id, partnership.company_id, who.id,
           (SELECT MAX(id) FROM partnership_role WHERE is_formal), interest_group.id,
           interest_group.sector, TRUE, date '2019-01-01', actor.date_end
      FROM actor
      JOIN who USING (name)
      JOIN interest_group ON interest_group.n = actor.group_now
      JOIN partnership_partnership partnership ON partnership.name = actor.partnership
 RETURNING id, partner_id, partnership_id, role_id, interest_group_id, sector
),
seat AS (
    INSERT INTO partnership_seat
           (body_id, partnership_id, membership_id, partner_id, interest_group_id, sector, role_id,
            vote_weight, date_start, date_end)
    SELECT body.id, partnership_id, membership.id, membership.partner_id, interest_group_id,
           sector, role_id, 1 + actor.n %% 3, date '2019-01-01', actor.date_end
      FROM membership
      JOIN partnership_body body USING (partnership_id)
      JOIN who ON who.id = membership.partner_id
      JOIN actor ON actor.name = who.name
 RETURNING id, body_id, membership_id
)
SELECT actor.*, membership.id AS membership_id, membership.partnership_id, membership.partner_id,
       membership.role_id, membership.interest_group_id, seat.id AS seat_id, seat.body_id
  INTO TEMP TABLE member
  FROM membership
  JOIN seat ON seat.membership_id = membership.id
  JOIN who ON who.id = membership.partner_id
  JOIN actor ON actor.name = who.name;

INSERT INTO partnership_membership_transition
       (membership_id, partnership_id, partner_id, from_role_id, to_role_id, from_group_id,
        to_group_id, date)
SELECT membership_id, partnership_id, partner_id, old.role_id, new.role_id, old.group_id,
       new.group_id, new.date
  FROM member
  JOIN interest_group before ON before.n = group_before
 CROSS JOIN (SELECT MIN(id) AS id FROM partnership_role WHERE is_formal) first
 CROSS JOIN LATERAL (
           VALUES (first.id, before.id, date '2019-01-01'),
                  (member.role_id, interest_group_id, date '2021-01-01' + member.n %% 700)
       ) new (role_id, group_id, date)
  LEFT JOIN LATERAL (VALUES (first.id, before.id)) old (role_id, group_id)
    ON new.date > date '2019-01-01';

INSERT INTO partnership_mandate
       (seat_id, body_id, partnership_id, membership_id, organisation_id, person_id, kind,
        authority, date_start, date_end, end_kind)
SELECT seat_id, body_id, partnership_id, membership_id, partner_id, who.id, kind,
       CASE WHEN n %% 11 = 0 THEN 'reports' ELSE 'commits' END, term.date_start,
       LEAST(term.date_end, member.date_end),
       CASE WHEN term.date_end IS NOT NULL
            THEN CASE WHEN n %% 2 = 0 THEN 'planned' ELSE 'unplanned' END END
  FROM member
 CROSS JOIN LATERAL (
           VALUES ('a', 'titular', date '2019-01-01',
                   CASE WHEN n %% 5 = 1 THEN date '2022-06-30' END, TRUE),
                  ('b', 'titular', date '2022-07-01', NULL, n %% 5 = 1),
                  ('c', 'alternate', date '2019-01-01', NULL, n %% 4 = 0)
       ) term (letter, kind, date_start, date_end, is_given)
  JOIN who ON who.name = 'Bench person ' || n || term.letter
 WHERE is_given AND NOT is_person AND NOT is_vacant;

WITH event AS (
    INSERT INTO calendar_event
           (name, start, stop, active, show_as, privacy, partnership_id, partnership_body_id,
            partnership_state, partnership_date)
    SELECT 'Bench meeting', day, day + interval '2h', TRUE, 'busy', 'public', partnership_id,
           body_id, 'closed', day::date
      FROM (SELECT DISTINCT partnership_id, body_id FROM member) body,
           generate_series(timestamp '2020-01-10 12:00', '2024-02-28', '1 month') day
 RETURNING id, partnership_body_id AS body_id, partnership_date AS date
),
expected AS (
    SELECT member.*, event.id AS event_id, event.date, mandate.id AS mandate_id,
           COALESCE(mandate.person_id, CASE WHEN is_person THEN member.partner_id END)
               AS holder_id,
           CASE WHEN NOT is_person THEN member.partner_id END AS organisation_id,
           CASE WHEN NOT is_person THEN substitute.id END AS substitute_id,
           luck + (98 - luck) * (member.n %% 4) / 5 AS fate
      FROM member
      JOIN event ON event.body_id = member.body_id
       AND (member.date_end IS NULL OR event.date <= member.date_end)
      JOIN who substitute ON substitute.name = 'Bench person ' || member.n || 'c'
      LEFT JOIN partnership_mandate mandate ON mandate.seat_id = member.seat_id
       AND mandate.kind = 'titular' AND mandate.date_start <= event.date
       AND (mandate.date_end IS NULL OR mandate.date_end >= event.date)
     CROSS JOIN LATERAL (SELECT pg_temp.dice(100, event.id, member.n)) thrown (luck)
),
-- one row per seat and meeting, and another where the third person came instead, or as well
line AS (
    SELECT expected.*, mandate_id AS used_id, holder_id AS person_id,
           CASE WHEN is_vacant THEN 'absent' WHEN fate < 50 THEN 'present'
                WHEN fate < 55 THEN 'late' WHEN fate < 68 THEN 'excused'
                WHEN fate < 96 THEN 'absent' ELSE 'not_recorded' END AS status,
           CASE WHEN fate BETWEEN 55 AND 59 AND NOT is_vacant THEN substitute_id END AS proxy_id
      FROM expected
     UNION ALL
    SELECT expected.*, alternate.id, substitute_id, 'present', NULL
      FROM expected
      LEFT JOIN partnership_mandate alternate
        ON alternate.seat_id = expected.seat_id AND alternate.kind = 'alternate'
     WHERE substitute_id IS NOT NULL AND pg_temp.dice(12, event_id, n + 1) = 0
)
INSERT INTO partnership_attendance
       (event_id, partnership_id, body_id, date, membership_id, seat_id, organisation_id,
        person_id, mandate_id, proxy_id, status, mode)
SELECT event_id, partnership_id, body_id, date, membership_id, seat_id, organisation_id,
       person_id, used_id, proxy_id, status, 'in_person'
  FROM line;
