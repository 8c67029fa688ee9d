package dev.moorage.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class TestDatabaseIT {

    @Test
    void everyCallGivesADatabaseThatNoOtherTestSees() throws SQLException {
        DataSource one = TestDatabase.fresh();
        DataSource other = TestDatabase.fresh();
        try (Connection connection = one.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE only_here (id bigint)");
        }
        assertThat(tables(one)).isOne();
        assertThat(tables(other)).isZero();
    }

    private static long tables(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
