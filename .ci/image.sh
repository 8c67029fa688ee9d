# Sourced by run. The image of the registry: built twice, served by the registry itself, and run from there.

# The public images that image/Containerfile names are out of reach here; these stand for them. Of the first two, the one is glibc
# and its data with no program at all, the other Debian's smallest system; the third is that with a JDK where the public one has it.
make_bases() {
  local jdk package
  rm -rf "$WORK/bases"
  mkdir -p "$WORK/bases/all" "$WORK/bases/jdk" "$WORK"/bases/few/{tmp,usr/lib,usr/lib64,usr/bin,usr/sbin,var/lib}
  chmod 1777 "$WORK/bases/few/tmp"
  tar -C "$WORK/bases/all" -xf "$WORK/image/base.tar"
  for package in base-files libc6 netbase tzdata; do
    cat "$WORK/bases/all/var/lib/dpkg/info/$package"{,:*}.list 2>/dev/null || true
  done | sed 's|^/||' | grep -vE '^(\.|usr/share/(doc|man|info|lintian|locale|base-files|common-licenses).*)?$' |
    while read -r file; do [ -d "$WORK/bases/all/$file" ] && [ ! -L "$WORK/bases/all/$file" ] || echo "$file"; done >"$WORK/bases/files"
  tar -C "$WORK/bases/all" -cf - -T "$WORK/bases/files" | tar -C "$WORK/bases/few" -xf -
  tar -C "$WORK/bases/few" --numeric-owner --owner=0 --group=0 --sort=name -cf "$WORK/bases/few.tar" .
  jdk=$(find_java)
  tar -C "$jdk" -h --numeric-owner --owner=0 --group=0 --sort=name --exclude=./lib/src.zip -cf "$WORK/bases/jdk/jdk.tar" .
  podman_in bases import -q "$WORK/image/base.tar" "$REGISTRY/bases/system:1"
  podman_in bases import -q "$WORK/bases/few.tar" "$REGISTRY/bases/glibc:1"
  cat >"$WORK/bases/jdk/Containerfile" <<C
FROM $REGISTRY/bases/system:1
ADD jdk.tar /opt/java/openjdk
ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:/usr/sbin:/usr/bin:/sbin:/bin
C
  podman_in bases build -q --isolation chroot -t "$REGISTRY/bases/jdk:1" "$WORK/bases/jdk"
  for package in glibc system jdk; do podman_in bases push -q "$REGISTRY/bases/$package:1"; done
  rm -rf "$WORK/bases/all" "$WORK/bases/jdk"
}

# build_in TREE STORE OPTIONS...: by the project's own script, on the bases above, which come from the registry: an image names the
# digest of its base.
build_in() {
  local tree=$1 store=$2
  shift 2
  PODMAN="podman --root $WORK/store-$STORES$store --runroot $WORK/run-$STORES$store --events-backend none" \
    "$tree/image/build" --isolation chroot --build-arg "JDK=$REGISTRY/bases/jdk:1" --build-arg "BASE=$REGISTRY/bases/glibc:1" \
    --build-arg "TRIAL_BASE=$REGISTRY/bases/system:1" "$@"
}

builds_the_images() {
  ./mvnw -q org.cyclonedx:cyclonedx-maven-plugin:makeBom
  PACKAGED=yes build_in . builder -t "$REGISTRY/moorage:plain" --target plain
  PACKAGED=yes build_in . builder -t "$REGISTRY/moorage:latest"
  PACKAGED=yes build_in . builder -t "$REGISTRY/moorage:trial" --target trial
  podman_in builder image inspect "$REGISTRY/moorage:latest" --format '{{.Size}} bytes on disk' >>"$NOTE"
}

pushes_the_images() {
  local image
  for image in plain latest trial; do podman_in builder push -q "$REGISTRY/moorage:$image"; done
  crane digest "$REGISTRY/moorage:plain" >"$WORK/plain"
  # The cache is one layer more, and nothing else differs in what the image holds.
  crane manifest "$REGISTRY/moorage:plain" | jq -c '[.layers[].digest]' >"$WORK/plain-layers"
  crane manifest "$REGISTRY/moorage:latest" | jq -c '[.layers[].digest]' >"$WORK/latest-layers"
  same 'layers under the cache' "$(cat "$WORK/plain-layers")" "$(jq -c '.[:-1]' "$WORK/latest-layers")"
  note "$(crane manifest "$REGISTRY/moorage:latest" | jq '[.layers[].size] | add') bytes compressed, of them $(crane manifest \
    "$REGISTRY/moorage:latest" | jq '.layers[-1].size') the AOT cache"
}

# From a clone in another folder, in an empty store, and on the same bases, of the program as it was packaged: Quarkus orders a part of
# the code that it generates by the moment at which threads get there, so that packaging itself is not the same twice.
builds_the_same_again() {
  # Not by git clone, which asks whose the folder is that it clones from.
  mkdir "$WORK/built-again"
  cp -R "$(git rev-parse --git-common-dir)" "$WORK/built-again/.git"
  git -C "$WORK/built-again" reset -q --hard "$(git rev-parse HEAD)"
  mkdir "$WORK/built-again/target"
  cp -R target/quarkus-app "$WORK/built-again/target/quarkus-app"
  PACKAGED=yes build_in "$WORK/built-again" again -q -t "$REGISTRY/again:plain" --target plain
  podman_in again push -q "$REGISTRY/again:plain"
  # Where they differ it is worth knowing in what: what an image is made by, or which of its layers.
  crane config "$REGISTRY/moorage:plain" | jq -S . >"$WORK/plain-config"
  crane config "$REGISTRY/again:plain" | jq -S . | diff -U0 "$WORK/plain-config" - || true
  diff -U0 <(jq -r '.[]' "$WORK/plain-layers") <(crane manifest "$REGISTRY/again:plain" | jq -r '.layers[].digest') || true
  same 'digest of the image' "$(cat "$WORK/plain")" "$(crane digest "$REGISTRY/again:plain")"
  note "$(cat "$WORK/plain") both times"
  rm -rf "$WORK/built-again" "$WORK/store-${STORES}again"
}

# The list of what is in it as a referrer, as the specification has it: a manifest with the image as its subject.
attaches_the_materials() {
  local digest size
  cp target/bom.json "$WORK/bom"
  jq -e '.bomFormat == "CycloneDX" and (.components | length > 100)' "$WORK/bom"
  # Each jar in the image is in the list by its name, and by its digest, unless Quarkus has taken files out of it.
  (cd target/quarkus-app/lib && sha256sum */*.jar) | sed 's|  .*/|  |' | sort >"$WORK/jars"
  jq -r '.components[] | (.purl | capture("classifier=(?<it>[^&#]+)")? // {it: ""}).it as $more |
    "\(.group).\(.name)-\(.version)\(if $more == "" then "" else "-" + $more end).jar"' "$WORK/bom" | sort >"$WORK/names"
  same 'jars that the list does not name' '' "$(cut -d' ' -f3 "$WORK/jars" | sort | comm -23 - "$WORK/names")"
  jq -r '.components[].hashes[]? | select(.alg == "SHA-256").content' "$WORK/bom" | sort >"$WORK/digests"
  cut -d' ' -f1 "$WORK/jars" | sort | comm -23 - "$WORK/digests" >"$WORK/changed"
  note "$(wc -l <"$WORK/jars") jars; with other bytes than were published: $(grep -F -f "$WORK/changed" "$WORK/jars" | cut -d' ' -f3 | paste -sd' ')"
  [ "$(wc -l <"$WORK/changed")" -lt 5 ]
  printf '{}' >"$WORK/empty"
  put_blob moorage "$WORK/empty"
  put_blob moorage "$WORK/bom"
  digest=$(crane digest "$REGISTRY/moorage:latest")
  size=$(crane manifest "$REGISTRY/moorage:latest" | wc -c)
  jq -n --arg subject "$digest" --argjson size "$size" --arg bom "$(digest "$WORK/bom")" --argjson length "$(stat -c %s "$WORK/bom")" \
    --arg empty "$(digest "$WORK/empty")" '{
      schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", artifactType: "application/vnd.cyclonedx+json",
      config: {mediaType: "application/vnd.oci.empty.v1+json", digest: $empty, size: 2},
      layers: [{mediaType: "application/vnd.cyclonedx+json", digest: $bom, size: $length}],
      subject: {mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $subject, size: $size}}' >"$WORK/materials"
  put_manifest moorage "$(digest "$WORK/materials")" "$WORK/materials"
  http 200 GET "/v2/moorage/referrers/$digest?artifactType=application/vnd.cyclonedx%2Bjson"
  same 'referrers' "[\"$(digest "$WORK/materials")\"]" "$(jq -c '[.manifests[].digest]' "$WORK/body")"
}

pulls_what_it_runs() {
  podman_in server pull -q "$REGISTRY/moorage:latest"
  podman_in server pull -q "$REGISTRY/moorage:trial"
  same 'user' 10001:10001 "$(podman_in server image inspect "$REGISTRY/moorage:latest" --format '{{.Config.User}}')"
  local mounted
  mounted=$(podman_in server image mount "$REGISTRY/moorage:latest")
  # No shell, nothing that could stand for one, nothing that gives other rights.
  same 'programs' '' "$(find "$mounted" -xdev -type f -perm /111 -not -path "$mounted/opt/moorage/java/*" -not -name '*.so' -not -name '*.so.*' \
    -not -path "$mounted/etc/*" -printf '/%P\n')"
  same 'files with rights of their own' '' "$(find "$mounted" -xdev -type f -perm /6000)"
  same 'what the user owns' var/lib/moorage "$(find "$mounted" -xdev -mindepth 1 -uid 10001 -printf '%P\n')"
  podman_in server image unmount "$REGISTRY/moorage:latest" >/dev/null
}

# A program for launch_program that runs an image as strictly as can be, on the network of this machine: the place is the
# container's name, and what it is told comes from the environment. Where both versions of cgroups are mounted, crun gets a view of
# its own that has version 2 only.
write_container_program() { # IMAGE OPTIONS...
  local image=$1
  shift
  cat >"$WORK/container" <<C
#!/bin/bash
run=(podman --root "$WORK/store-${STORES}server" --runroot "$WORK/run-${STORES}server" --events-backend none --runtime crun run --replace
  --name "\$(basename "\$PWD")" --network=host --cgroups=disabled --ulimit=nofile=4096:4096 --ulimit=nproc=4096:4096 --read-only --read-only-tmpfs=false --cap-drop=all
  --security-opt=no-new-privileges -e QUARKUS_HTTP_HOST=127.0.0.1 -e QUARKUS_HTTP_PORT -e QUARKUS_MANAGEMENT_PORT $* "$image" "\$@")
[ -e /sys/fs/cgroup/cgroup.controllers ] && exec "\${run[@]}"
exec unshare -m --propagation private bash -c 'umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; exec "\$@"' - "\${run[@]}"
C
  chmod 755 "$WORK/container"
}

# The registry in the container takes its own release, and gives it back.
serves_its_own_release() { # PORT CREDENTIALS...
  local inside=127.0.0.1:$1
  shift
  skopeo copy -q --all --src-tls-verify=false --dest-tls-verify=false ${1:+--dest-creds "$1"} "docker://$REGISTRY/moorage:latest" "docker://$inside/release/moorage:latest"
  rm -rf "$WORK/release"
  skopeo copy -q --all --src-tls-verify=false ${1:+--src-creds "$1"} "docker://$inside/release/moorage:latest" "oci:$WORK/release:latest"
  same 'digest' "$(crane digest "$REGISTRY/moorage:latest")" "$(jq -r '.manifests[0].digest' "$WORK/release/index.json")"
}

nothing_but_the_volume() { # NAME
  same 'what was written' '' "$(podman_in server diff "$1" | grep -vE ' (/etc|/etc/(hosts|hostname|resolv.conf|mtab)|/dev.*|/proc.*|/sys.*|/run.*|/tmp|/var(/lib(/moorage)?)?)$' || true)"
}

production_image_serves() {
  local place=$WORK/place-production port probes
  port=$(free_port)
  probes=$(free_port)
  export MOORAGE_ACCESS_ADMIN_PASSWORD MOORAGE_ACCESS_ENCRYPTION_KEY QUARKUS_DATASOURCE_PASSWORD
  MOORAGE_ACCESS_ADMIN_PASSWORD=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
  MOORAGE_ACCESS_ENCRYPTION_KEY=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
  QUARKUS_DATASOURCE_PASSWORD=$(cat "$WORK/database-password")
  write_container_program "$REGISTRY/moorage:latest" -v production:/var/lib/moorage -e MOORAGE_ACCESS_MODE=secured \
    -e MOORAGE_ACCESS_ADMIN_PASSWORD -e MOORAGE_ACCESS_ENCRYPTION_KEY -e QUARKUS_DATASOURCE_PASSWORD \
    -e QUARKUS_DATASOURCE_USERNAME=moorage -e "QUARKUS_DATASOURCE_JDBC_URL=jdbc:postgresql://127.0.0.1:$DATABASE_PORT/moorage"
  PROGRAM=("$WORK/container")
  launch_program "$place" "$port" "$probes"
  await 60 eval "[ \"\$(curl -s -o /dev/null -m 2 -w '%{http_code}' http://127.0.0.1:$port/v2/)\" = 401 ] || ended '$place'"
  cat "$place/program.log"
  same 'complaints about the cache' '' "$(grep -E '\[(warning|error)' "$place/program.log" || true)"
  curl -sf -u "admin:$MOORAGE_ACCESS_ADMIN_PASSWORD" -H 'Content-Type: application/json' -d '{"name":"release"}' "http://127.0.0.1:$port/api/v1/organizations"
  curl -sf -u "admin:$MOORAGE_ACCESS_ADMIN_PASSWORD" -o "$WORK/openapi" "http://127.0.0.1:$port/api/v1/openapi"
  grep -q '^openapi' "$WORK/openapi"
  same readiness UP "$(curl -sf "http://127.0.0.1:$probes/q/health/ready" | jq -r .status)"
  curl -sf -o "$WORK/metrics" "http://127.0.0.1:$probes/q/metrics"
  grep -q '^jvm_memory_used_bytes' "$WORK/metrics"
  serves_its_own_release "$port" "admin:$MOORAGE_ACCESS_ADMIN_PASSWORD"
  stop_program "$place"
  same 'exit code after SIGTERM' 143 "$(cat "$place/exit")"
  nothing_but_the_volume place-production
}

trial_image_serves() {
  local place=$WORK/place-trial port
  port=$(free_port)
  write_container_program "$REGISTRY/moorage:trial" -v trial:/var/lib/moorage
  PROGRAM=("$WORK/container")
  start_program "$place" "$port"
  cat "$place/program.log"
  same 'complaints about the cache' '' "$(grep -E '\[(warning|error)' "$place/program.log" || true)"
  serves_its_own_release "$port"
  curl -sf "http://127.0.0.1:$port/v2/_catalog" >"$WORK/catalog-before"
  stop_program "$place"
  same 'exit code after SIGTERM' 143 "$(cat "$place/exit")"
  nothing_but_the_volume place-trial
  start_program "$place" "$port"
  same 'catalog after a start of a new container' "$(cat "$WORK/catalog-before")" "$(curl -sf "http://127.0.0.1:$port/v2/_catalog")"
  crane validate --remote "127.0.0.1:$port/release/moorage:latest"
  stop_program "$place"
  same 'exit code after SIGTERM' 143 "$(cat "$place/exit")"
}

# What listens on the network without asking who is there has to be told so.
open_on_the_network_has_to_be_said() {
  local place=$WORK/place-open
  write_container_program "$REGISTRY/moorage:trial" -e QUARKUS_HTTP_HOST=0.0.0.0
  PROGRAM=("$WORK/container")
  launch_program "$place" "$(free_port)"
  await 60 ended "$place"
  grep -F moorage.access.allow-open-on-network "$place/program.log"
  refused test "$(cat "$place/exit")" = 0
}

part_image() {
  local program=("${PROGRAM[@]}")
  STORES=image- PLACE=$WORK/place-image PORT=$(free_port)
  REGISTRY=127.0.0.1:$PORT
  allow_plain_http
  check 240 'debootstrap makes a root file system' make_root_file_system &&
    check 90 'the program that was built serves' start_program "$PLACE" "$PORT" &&
    check 120 'bases for its image are made and pushed to it' make_bases &&
    check 300 'the image is built on them, and its AOT cache by a training run' builds_the_images &&
    check 120 'the registry takes its own image' pushes_the_images && {
    check 180 'built again in another folder, the image has the same digest' builds_the_same_again
    check 30 'the list of materials is a referrer of the image, and names every jar' attaches_the_materials
    check 60 'podman pulls the image: no shell, no program but Java, nothing of the user but the volume' pulls_what_it_runs
    DATABASE_DIRECTORY=$WORK/postgresql-image DATABASE_PORT=$(free_port)
    check 60 'PostgreSQL starts for the image' start_postgresql "$DATABASE_PORT" &&
      check 90 'the image serves its own release: secured, read-only, without rights, and ends by SIGTERM' production_image_serves
    stop_postgresql
    check 120 'the image for a trial serves its own release, and its volume keeps it' trial_image_serves
    check 70 'open mode on the network has to be said' open_on_the_network_has_to_be_said
  }
  PROGRAM=("${program[@]}")
  clear_place "$PLACE"
  STORES=
  unset REGISTRY
}
