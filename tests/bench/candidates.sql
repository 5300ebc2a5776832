-- Two hundred and fifty candidates for each partnership number 1 to %(last)s: 400 make 100,000. They are
-- spread over all stages evenly; those of the last stage, admission, are members of seed.sql, the others
-- actors of their own. One in four has something planned, one in three a tag,
-- one in fifty the e-mail of another.
WITH stage AS (
    SELECT *, row_number() OVER (ORDER BY sequence, id) - 1 AS place,
           COUNT(*) OVER () AS places
      FROM partnership_enlargement_stage
     WHERE active
)
SELECT n, stage.id AS stage_id, stage.is_admission IS TRUE AS is_admission,
       COALESCE(stage.role_id, lowest.id) AS role_id,
       1 + CASE WHEN is_admission THEN n / places / 50 ELSE n / 250 END AS partnership,
       CASE WHEN is_admission THEN 'Bench actor ' || 1 + n / places
            ELSE 'Bench candidate ' || n END AS name
  INTO TEMP TABLE card
  FROM generate_series(0, 250 * %(last)s - 1) n
 CROSS JOIN (SELECT id FROM partnership_role ORDER BY sequence, id LIMIT 1) lowest
  JOIN stage ON stage.place = n %% stage.places;

INSERT INTO res_partner
       (name, complete_name, active, is_company, type, email, email_normalized)
SELECT name, name, TRUE, TRUE, 'contact', email.address, email.address
  FROM card
 CROSS JOIN LATERAL (
           SELECT 'candidate' || n - (n %% 50 = 49)::int || '@test.example' AS address
       ) email
 WHERE NOT is_admission;

UPDATE res_partner SET commercial_partner_id = id WHERE name LIKE 'Bench candidate %%';

INSERT INTO partnership_membership
       (partnership_id, company_id, partner_id, role_id, interest_group_id, sector, is_formal,
        date_start)
SELECT partnership.id, partnership.company_id, actor.id, card.role_id, interest_group.id,
       interest_group.sector, FALSE, date '2024-01-01'
  FROM card
  JOIN partnership_partnership partnership
    ON partnership.name = 'Bench partnership ' || card.partnership
  JOIN res_partner actor ON actor.name = card.name
  JOIN (
           SELECT id, sector, row_number() OVER (ORDER BY id) AS place FROM partnership_interest_group
       ) interest_group ON interest_group.place = 1 + n %% 5
 WHERE NOT is_admission;

INSERT INTO partnership_membership_transition
       (membership_id, partnership_id, partner_id, to_role_id, to_group_id, date)
SELECT membership.id, partnership_id, partner_id, role_id, interest_group_id, date_start
  FROM partnership_membership membership
  JOIN res_partner actor ON actor.id = membership.partner_id
 WHERE actor.name LIKE 'Bench candidate %%';

INSERT INTO partnership_candidate
       (partnership_id, company_id, partner_id, name, membership_id, interest_group_id, stage_id,
        state, target_form, priority, user_id, active, create_date, date_last_stage_update)
SELECT membership.partnership_id, membership.company_id, actor.id, actor.name, membership.id,
       interest_group_id, stage_id, CASE WHEN is_admission THEN 'admitted' ELSE 'ongoing' END,
       'formal', n %% 7 / 3, %(user)s, TRUE, now() - n %% 100 * interval '1 day',
       now() - n %% 100 * interval '1 day'
  FROM card
  JOIN res_partner actor USING (name)
  JOIN partnership_membership membership ON membership.partner_id = actor.id
 ORDER BY n;

INSERT INTO partnership_candidate_tag (name, color) VALUES ('{"en_US": "Bench"}', 1);

INSERT INTO partnership_candidate_partnership_candidate_tag_rel
SELECT candidate.id, tag.id
  FROM partnership_candidate candidate, partnership_candidate_tag tag
 WHERE candidate.id / 12 %% 3 = 0 AND tag.name ->> 'en_US' = 'Bench';

INSERT INTO mail_activity
       (res_model, res_model_id, res_id, user_id, activity_type_id, date_deadline, active)
SELECT 'partnership.candidate', model.id, candidate.id, %(user)s, todo.id,
       current_date + candidate.id %% 60 - 30, TRUE
  FROM partnership_candidate candidate
  JOIN ir_model model ON model.model = 'partnership.candidate'
 CROSS JOIN (SELECT id FROM mail_activity_type WHERE res_model IS NULL ORDER BY id LIMIT 1) todo
 WHERE candidate.id / 12 %% 4 = 0;

DROP TABLE card;
