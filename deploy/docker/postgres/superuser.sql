-- For the container of compose.yaml only. The image wants a password for its superuser; without one nobody can be it over
-- the network. In the container it is: psql --username=postgres paperwire
ALTER ROLE CURRENT_USER PASSWORD NULL;
