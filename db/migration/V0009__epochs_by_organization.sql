-- What an organization takes from an account ends the tokens that rest on its roles there, and no others: tokens carry the
-- number, and requests compare it. No row is as 0.
CREATE TABLE account_epoch (
    organization_id bigint NOT NULL REFERENCES organization,
    account_id bigint NOT NULL REFERENCES account,
    epoch bigint NOT NULL CHECK (epoch > 0),
    PRIMARY KEY (account_id, organization_id)
);
