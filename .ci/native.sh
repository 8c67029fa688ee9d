# Sourced by run. What a native image would be built from, made in a copy: there is no compiler of images here, so what goes
# into one is looked at instead.

part_native() {
  NATIVE=$WORK/native
  maven_native 'the native profile makes the sources of an image, with the arguments for its compiler' || return
  check 10 'they are told what is made anew at each start, and what may be read of the JDK' native_arguments
  check 10 'they hold the migrations, the archive of the embedded database and the settings' native_resources
  check 30 'they name every class that is found by name' native_reflection
}

# As ./mvnw verify -Dnative would, up to the point where the compiler begins; the program in target/ stays as it is.
maven_native() { # NAME
  mkdir -p "$NATIVE/target"
  cp -a pom.xml mvnw .mvn src db "$NATIVE"
  # What is compiled already need not be compiled again.
  cp -a target/classes target/maven-status "$NATIVE/target" 2>/dev/null || true
  maven 300 "$1" -f "$NATIVE/pom.xml" -Dnative -Dquarkus.native.sources-only=true -Dmaven.test.skip=true package
}

native_jar() { find "$NATIVE/target/native-sources" -maxdepth 1 -name '*-runner.jar'; }

native_arguments() {
  local argument
  tr ' ' '\n' <"$NATIVE/target/native-sources/native-image.args" >"$WORK/native-arguments"
  # All of them, as the settings name them.
  sed -n '/^quarkus.native.additional-build-args=/,/[^\\]$/p' src/main/resources/application.properties |
    sed '1d; s/^ *//; s/,\{0,1\}\\\{0,1\}$//' >"$WORK/native-wanted"
  [ "$(wc -l <"$WORK/native-wanted")" -gt 4 ]
  while read -r argument; do
    grep -qxF -e "$argument" "$WORK/native-arguments" || { echo "not told: $argument"; cat "$WORK/native-arguments"; exit 1; }
  done <"$WORK/native-wanted"
  note "$(wc -l <"$WORK/native-arguments") arguments, $(wc -l <"$WORK/native-wanted") of them ours"
}

native_resources() {
  local file
  unzip -Z1 "$(native_jar)" >"$WORK/native-files"
  for file in db/migration/*.sql; do grep -qxF "$file" "$WORK/native-files"; done
  # The compiler is told by patterns; the archive lies in a library beside the program.
  unzip -p "$(native_jar)" 'META-INF/native-image/*.json' >"$WORK/native-told"
  grep -F 'db/migration/' "$WORK/native-told" | head -n 3
  grep -F 'postgres-' "$WORK/native-told" | head -n 3
  ls "$NATIVE/target/native-sources/lib" | grep -F embedded-postgres-binaries
}

native_reflection() {
  local name
  unzip -p "$(native_jar)" 'META-INF/native-image/*.json' | jq -r '.. | objects | (.name?, .type?) | strings' | sort -u >"$WORK/native-names"
  # By annotation in the source, and whatever resources answer with; the annotation processor's; the file of ours.
  for name in \
    'dev.moorage.http.admin.AccountsResource$NewAccount' 'dev.moorage.http.token.TokenResource$Answer' \
    dev.moorage.error.ErrorBody 'dev.moorage.error.ErrorBody$Entry' \
    dev.moorage.embedded.EmbeddedDatabaseSource com.sun.xml.internal.stream.XMLInputFactoryImpl \
    dev.moorage.administration.Listing dev.moorage.administration.Account 'dev.moorage.administration.Account$Made' \
    dev.moorage.command.Commands dev.moorage.command.FsckCommand 'dev.moorage.command.AccountCommands$Create' \
    com.github.benmanes.caffeine.cache.SSMW \
    sun.security.provider.SHA2 sun.security.provider.DigestBase 'java.security.MessageDigest$Delegate'; do
    grep -qxF "$name" "$WORK/native-names" || { echo "not named: $name"; exit 1; }
  done
  note "$(grep -c '^dev\.moorage\.' "$WORK/native-names") classes of ours, $(wc -l <"$WORK/native-names") names in all"
}
