-- What the job of the night meets besides: two years of figures of each member, and two hundred
-- candidates in each of the partnerships number %(first)s to %(last)s, of whom nothing is counted.
INSERT INTO partnership_membership_figure
SELECT past.*
  FROM partnership_membership_figure figure
 CROSS JOIN generate_series(1, 24) months
 CROSS JOIN LATERAL jsonb_populate_record(figure, jsonb_build_object(
           'id', nextval('partnership_membership_figure_id_seq'),
           'month', (figure.month - months * interval '1 month')::date,
           'date', (figure.month - (months - 1) * interval '1 month')::date - 1)) past
 WHERE figure.month = (SELECT MAX(month) FROM partnership_membership_figure)
    ON CONFLICT (membership_id, month) DO NOTHING;

INSERT INTO res_partner (name, complete_name, active, is_company, type)
SELECT 'Bench passer-by ' || n, 'Bench passer-by ' || n, TRUE, TRUE, 'contact'
  FROM generate_series(200 * (%(first)s - 1) + 1, 200 * %(last)s) n;

UPDATE res_partner SET commercial_partner_id = id WHERE name LIKE 'Bench passer-by %%';

INSERT INTO partnership_membership
       (partnership_id, company_id, partner_id, role_id, is_formal, date_start)
SELECT partnership.id, partnership.company_id, actor.id, lowest.id, FALSE, date '2024-01-01'
  FROM generate_series(200 * (%(first)s - 1) + 1, 200 * %(last)s) n
  JOIN res_partner actor ON actor.name = 'Bench passer-by ' || n
  JOIN partnership_partnership partnership
    ON partnership.name = 'Bench partnership ' || 1 + (n - 1) / 200
 CROSS JOIN (SELECT id FROM partnership_role ORDER BY sequence, id LIMIT 1) lowest;
