-- Makes the role with which Paperwire connects: no superuser, because the policies that keep workspaces apart hold for
-- none. A superuser runs it once, in the database that Paperwire is to have; in Compose the image does, when its volume is
-- empty. PAPERWIRE_PASSWORD_FILE names the file with the role's password.
\set ON_ERROR_STOP on
\set password `cat "$PAPERWIRE_PASSWORD_FILE"`
-- A role without a password would be made, as which nobody can connect.
SELECT :'password' = '' AS no_password \gset
\if :no_password
    DO $$BEGIN RAISE 'PAPERWIRE_PASSWORD_FILE names no file with a password that psql may read'; END$$;
\endif
CREATE ROLE paperwire LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
-- The owner of the database may make tables in it, those of its upgrades and of the workers' queue.
ALTER DATABASE :"DBNAME" OWNER TO paperwire;
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
-- Search by meaning among many papers. The image postgres does not have it, pgvector/pgvector has.
SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') AS has_vector \gset
\if :has_vector
    CREATE EXTENSION IF NOT EXISTS vector;
\endif
