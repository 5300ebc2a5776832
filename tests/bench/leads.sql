-- As many opportunities as there are candidates in candidates.sql, of the same actors, with as many
-- activities and tags
INSERT INTO crm_lead
       (name, type, partner_id, partner_name, email_from, company_id, team_id, user_id, stage_id,
        priority, active, won_status, probability, expected_revenue, create_date,
        date_last_stage_update)
SELECT candidate.name, 'opportunity', actor.id, actor.name, actor.email, candidate.company_id,
       team.id, candidate.user_id, stage.id, candidate.priority, TRUE,
       CASE WHEN is_won THEN 'won' ELSE 'pending' END, CASE WHEN is_won THEN 100 ELSE 10 END,
       1000 * (candidate.id %% 50), candidate.create_date, candidate.date_last_stage_update
  FROM partnership_candidate candidate
  JOIN res_partner actor ON actor.id = candidate.partner_id
 CROSS JOIN (SELECT MIN(id) AS id FROM crm_team) team
  JOIN (
           SELECT *, row_number() OVER (ORDER BY sequence, id) - 1 AS place, COUNT(*) OVER () AS places
             FROM crm_stage
       ) stage ON stage.place = candidate.id %% stage.places
 ORDER BY candidate.id;

INSERT INTO crm_tag (name, color) VALUES ('{"en_US": "Bench"}', 1);

INSERT INTO crm_tag_rel (lead_id, tag_id)
SELECT lead.id, tag.id
  FROM crm_lead lead, crm_tag tag
 WHERE lead.id / 12 %% 3 = 0 AND tag.name ->> 'en_US' = 'Bench';

INSERT INTO mail_activity
       (res_model, res_model_id, res_id, user_id, activity_type_id, date_deadline, active)
SELECT 'crm.lead', model.id, lead.id, %(user)s, todo.id, current_date + lead.id %% 60 - 30, TRUE
  FROM crm_lead lead
  JOIN ir_model model ON model.model = 'crm.lead'
 CROSS JOIN (SELECT id FROM mail_activity_type WHERE res_model IS NULL ORDER BY id LIMIT 1) todo
 WHERE lead.id / 12 %% 4 = 0;
