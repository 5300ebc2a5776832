-- The area profile of each partnership wants as much of every interest group, sector and zone. Each
-- member is of one of four zones; one in ten has moved to the next in 2023.
INSERT INTO partnership_dimension_value (name, dimension_id, sequence, active)
SELECT 'Bench zone ' || n, dimension.id, n, TRUE
  FROM partnership_dimension dimension, generate_series(0, 3) n
 WHERE kind = 'zone'
ON CONFLICT DO NOTHING;

WITH zone AS (
    SELECT id, dimension_id, sequence AS n FROM partnership_dimension_value
     WHERE name LIKE 'Bench zone %%'
)
INSERT INTO partnership_trait
       (partnership_id, company_id, partner_id, dimension_id, value_id, date_start, date_end)
SELECT partnership_id, partnership.company_id, partner_id, zone.dimension_id, zone.id,
       term.date_start, term.date_end
  FROM member
  JOIN partnership_partnership partnership ON partnership.id = partnership_id
 CROSS JOIN LATERAL (
           VALUES (0, date '2019-01-01',
                   CASE WHEN member.n %% 10 = 4 THEN date '2023-06-30' END, TRUE),
                  (1, date '2023-07-01', NULL, member.n %% 10 = 4)
       ) term (step, date_start, date_end, is_given)
  JOIN zone ON zone.n = (member.n + step) %% 4
 WHERE is_given;

WITH value AS (
    SELECT dimension.id AS dimension_id, interest_group.id AS interest_group_id,
           NULL AS sector, NULL::int AS value_id
      FROM partnership_dimension dimension, partnership_interest_group interest_group
     WHERE kind = 'group'
     UNION ALL
    SELECT id, NULL, sector, NULL
      FROM partnership_dimension,
           (SELECT DISTINCT sector FROM partnership_interest_group) interest_group
     WHERE kind = 'sector'
     UNION ALL
    SELECT dimension_id, NULL, NULL, id FROM partnership_dimension_value
     WHERE name LIKE 'Bench zone %%'
)
INSERT INTO partnership_profile_line
       (partnership_id, dimension_id, interest_group_id, sector, value_id, share)
SELECT partnership.id, dimension_id, interest_group_id, value.sector, value_id,
       1.0 / COUNT(*) OVER (PARTITION BY partnership.id, dimension_id)
  FROM (SELECT DISTINCT partnership_id AS id FROM member) partnership, value;
