GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA public TO shop; -- # finding: overbroad-permission
GRANT SELECT, INSERT, UPDATE ON orders TO shop; -- # ok: overbroad-permission
CREATE ROLE shop LOGIN SUPERUSER; -- # finding: overbroad-permission
CREATE ROLE reports LOGIN NOSUPERUSER; -- # ok: overbroad-permission
GRANT ALL ON SCHEMA shop TO shop_migrator; -- # ok: overbroad-permission
