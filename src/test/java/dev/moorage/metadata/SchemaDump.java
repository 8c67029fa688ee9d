package dev.moorage.metadata;

import dev.moorage.testing.Sql;
import javax.sql.DataSource;

/** The schema as the migrations leave it, as SQL that makes it again; the same on every server. */
final class SchemaDump {

    private static final String FUNCTIONS = """
            SELECT pg_get_functiondef(p.oid) || ';'
            FROM pg_proc p
            WHERE p.pronamespace = 'public'::regnamespace
            ORDER BY p.proname COLLATE "C"
            """;

    private static final String TABLES = """
            SELECT 'CREATE TABLE ' || t.relname || E' (\\n' || string_agg(
                '    ' || c.attname || ' ' || format_type(c.atttypid, c.atttypmod)
                || CASE WHEN l.collname = 'C' THEN ' COLLATE "C"' ELSE '' END
                || CASE c.attidentity WHEN 'a' THEN ' GENERATED ALWAYS AS IDENTITY' ELSE '' END
                || CASE WHEN d.oid IS NULL THEN '' ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END
                || CASE WHEN c.attnotnull THEN ' NOT NULL' ELSE '' END, E',\\n' ORDER BY c.attnum) || E'\\n);'
            FROM pg_class t
            JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
            LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = c.attnum
            LEFT JOIN pg_collation l ON l.oid = c.attcollation
            WHERE t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p') AND t.relname !~ '^flyway'
            GROUP BY t.relname
            ORDER BY t.relname COLLATE "C"
            """;

    // What other constraints refer to comes before those that refer to it.
    private static final String CONSTRAINTS = """
            SELECT 'ALTER TABLE ' || t.relname || ' ADD CONSTRAINT ' || k.conname || ' ' || pg_get_constraintdef(k.oid) || ';'
            FROM pg_constraint k
            JOIN pg_class t ON t.oid = k.conrelid
            WHERE t.relnamespace = 'public'::regnamespace AND t.relname !~ '^flyway' AND k.contype IN ('p', 'u', 'c', 'f')
            ORDER BY k.contype = 'f', t.relname COLLATE "C", k.conname COLLATE "C"
            """;

    private static final String INDEXES = """
            SELECT replace(pg_get_indexdef(i.indexrelid), ' public.', ' ') || ';'
            FROM pg_index i
            JOIN pg_class t ON t.oid = i.indrelid
            JOIN pg_class x ON x.oid = i.indexrelid
            LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u')
            WHERE t.relnamespace = 'public'::regnamespace AND t.relname !~ '^flyway' AND k.oid IS NULL
            ORDER BY t.relname COLLATE "C", x.relname COLLATE "C"
            """;

    private SchemaDump() {}

    static String of(DataSource source) {
        Sql sql = new Sql(source);
        return "-- Generated from the migrations by SchemaDumpIT (-Dmoorage.structure.write=true). Never edited by hand.\n\n"
                + String.join("\n\n", sql.rows(FUNCTIONS))
                + "\n\n"
                + String.join("\n\n", sql.rows(TABLES))
                + "\n\n"
                + String.join("\n", sql.rows(CONSTRAINTS))
                + "\n\n"
                + String.join("\n", sql.rows(INDEXES))
                + "\n";
    }
}
