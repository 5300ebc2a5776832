-- Only the job of the night is measured with them
DELETE FROM partnership_membership
 WHERE partner_id IN (SELECT id FROM res_partner WHERE name LIKE 'Bench passer-by %');

DELETE FROM res_partner WHERE name LIKE 'Bench passer-by %';
