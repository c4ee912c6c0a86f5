CREATE ROLE reports LOGIN PASSWORD 'Tiger-Lamp-4281'; -- # finding: secret-hardcoded
CREATE ROLE orders LOGIN PASSWORD :'orders_password'; -- # ok: secret-hardcoded
ALTER ROLE billing PASSWORD NULL; -- # ok: secret-hardcoded
CREATE USER 'shop'@'%' IDENTIFIED BY 'Velvet-Rain-9920'; -- # finding: secret-hardcoded
