-- Log-ins that failed from one address on the network: guesses over many accounts, none of which pauses for itself.
CREATE TABLE log_in_tries (
    origin          text PRIMARY KEY,               -- of IPv6 the line
    tries           integer NOT NULL,
    since           timestamptz NOT NULL
);
