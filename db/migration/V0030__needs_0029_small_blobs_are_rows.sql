-- contract: nothing is taken away, but from now on small blobs are rows unless the settings say otherwise, and a program that does not know the table cannot read them
COMMENT ON TABLE small_object IS 'The bytes of small blobs, in use by default since this migration';
