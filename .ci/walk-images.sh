# Sourced by run. A real image of several layers: made, pushed, pulled into an empty store, compared, and run.

# podman_in STORE ARGUMENTS...: podman on a store of its own, so that an empty store is really empty.
podman_in() {
  local store=$1
  shift
  podman --root "$WORK/store-${STORES-}$store" --runroot "$WORK/run-${STORES-}$store" --events-backend none "$@"
}

# A client configuration that allows plain HTTP to the registry; everything else is as installed. podman finds it by the
# environment, skopeo is told.
allow_plain_http() {
  printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$REGISTRY" >"$WORK/registries.conf"
  export CONTAINERS_REGISTRIES_CONF=$WORK/registries.conf
}
skopeo() { command skopeo --registries-conf "$WORK/registries.conf" "$@"; }

# The bytes of a manifest, for a client that takes every type there is.
manifest_of() { # REPOSITORY REFERENCE
  local accept='' type
  for type in oci.image.index.v1 oci.image.manifest.v1 docker.distribution.manifest.list.v2 docker.distribution.manifest.v2; do
    accept+="application/vnd.$type+json, "
  done
  curl -sf -H "Accept: ${accept%, }" "http://$REGISTRY/v2/$1/manifests/$2"
}

make_root_file_system() {
  local mirror suite
  [ ! -s "$WORK/image/base.tar" ] || return 0
  mirror=$(awk '/^URIs:/ { print $2; exit } $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { print $i; exit } }' \
    /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null || true)
  suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
  debootstrap --variant=minbase "$suite" "$WORK/rootfs" "${mirror:-http://deb.debian.org/debian}"
  mkdir "$WORK/image"
  tar -C "$WORK/rootfs" --numeric-owner --sort=name --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' \
    --exclude='./var/cache/apt/archives/*.deb' --exclude='./var/lib/apt/lists/*' -cf "$WORK/image/base.tar" .
  rm -rf "$WORK/rootfs"
}

build_image() {
  mkdir -p "$WORK/image/application" "$WORK/image/data"
  printf '#!/bin/sh\necho said from the image: $(cat /data/word)\n' >"$WORK/image/application/say"
  chmod 755 "$WORK/image/application/say"
  echo first >"$WORK/image/data/word"
  head -c 3000000 /dev/urandom >"$WORK/image/data/random"
  cat >"$WORK/image/Containerfile" <<'C'
FROM scratch
ADD base.tar /
COPY application /application
COPY data /data
LABEL walk=images
CMD ["/application/say"]
C
  podman_in pusher build -q -f "$WORK/image/Containerfile" -t "$REGISTRY/mytomcat" "$WORK/image"
}

push_image() { podman_in pusher push "$REGISTRY/mytomcat"; }

lists_exactly_what_was_pushed() {
  same catalog '{"repositories":["mytomcat"]}' "$(curl -sf "http://$REGISTRY/v2/_catalog")"
  same tags '{"name":"mytomcat","tags":["latest"]}' "$(curl -sf "http://$REGISTRY/v2/mytomcat/tags/list")"
}

# A checksum over names, modes, owners, times and contents of an image's files.
tree_of() { # STORE IMAGE
  local mounted
  mounted=$(podman_in "$1" image mount "$2")
  # Without the mount point itself, which has the time of the mount.
  (cd "$mounted" && find . -mindepth 1 -maxdepth 1 | tar --numeric-owner --sort=name -cf - -T -) | sha256sum
  podman_in "$1" image unmount "$2" >/dev/null
}

facts_of() { podman_in "$1" image inspect "$2" --format '{{.Id}} {{.Digest}} {{json .RootFS}} {{json .Config}}'; }

pull_into_an_empty_store() {
  same 'images before' '' "$(podman_in puller images -q)"
  podman_in puller pull "$REGISTRY/mytomcat"
  same 'image id, layers and configuration' "$(facts_of pusher "$REGISTRY/mytomcat" | cut -d' ' -f1,3-)" \
    "$(facts_of puller "$REGISTRY/mytomcat" | cut -d' ' -f1,3-)"
  same 'files' "$(tree_of pusher "$REGISTRY/mytomcat")" "$(tree_of puller "$REGISTRY/mytomcat")"
}

# Every digest in the manifest is that of the bytes served, the manifest's own too, and four layers are there at least.
serves_the_bytes_that_the_digests_name() {
  local digest size
  curl -sf -D "$WORK/headers" -o "$WORK/manifest" -H 'Accept: application/vnd.oci.image.manifest.v1+json' \
    "http://$REGISTRY/v2/mytomcat/manifests/latest"
  digest=$(tr -d '\r' <"$WORK/headers" | sed -n 's/^docker-content-digest: //Ip')
  same 'manifest digest' "$digest" "sha256:$(sha256sum <"$WORK/manifest" | cut -d' ' -f1)"
  same 'digest known to the puller' "$digest" "$(podman_in puller image inspect --format '{{.Digest}}' "$REGISTRY/mytomcat")"
  jq -e '.layers | length >= 3' "$WORK/manifest"
  jq -r '(.layers[], .config) | "\(.digest) \(.size)"' "$WORK/manifest" | while read -r digest size; do
    curl -sf -o "$WORK/blob" "http://$REGISTRY/v2/mytomcat/blobs/$digest"
    same 'blob digest' "$digest" "sha256:$(sha256sum <"$WORK/blob" | cut -d' ' -f1)"
    same 'blob size' "$size" "$(stat -c %s "$WORK/blob")"
  done
}

# What a container can be given differs by machine: crun as it is, runc (where both cgroup versions are mounted), or crun
# with a view of its own that has version 2 only. None of it touches the registry.
run_in() { # STORE IMAGE COMMAND...
  local store=$1 limits='--network=none --ulimit=nofile=1024:1024 --ulimit=nproc=1000:1000'
  shift
  podman_in "$store" --runtime crun run --rm $limits --cgroups=disabled "$@" && return
  podman_in "$store" --runtime runc run --rm $limits "$@" && return
  unshare -m --propagation private bash -c "umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; $(declare -f podman_in)
    WORK=$WORK STORES=${STORES-}; podman_in $store --runtime crun run --rm $limits --cgroups=disabled \"\$@\"" - "$@"
}

runs_what_was_pulled() {
  same echo 'hello from the registry' "$(run_in puller "$REGISTRY/mytomcat" /bin/echo hello from the registry | tail -n 1)"
  same command 'said from the image: first' "$(run_in puller "$REGISTRY/mytomcat" | tail -n 1)"
}

# The tag moves to an image that shares all layers but one; the puller, who has the old one, gets the new one.
moves_the_tag() {
  echo second >"$WORK/image/data/word"
  podman_in pusher build -q -f "$WORK/image/Containerfile" -t "$REGISTRY/mytomcat" "$WORK/image"
  podman_in pusher push "$REGISTRY/mytomcat"
  podman_in puller pull "$REGISTRY/mytomcat"
  same 'image id' "$(podman_in pusher image inspect --format '{{.Id}}' "$REGISTRY/mytomcat")" \
    "$(podman_in puller image inspect --format '{{.Id}}' "$REGISTRY/mytomcat")"
  same command 'said from the image: second' "$(run_in puller "$REGISTRY/mytomcat" | tail -n 1)"
  same tags '{"name":"mytomcat","tags":["latest"]}' "$(curl -sf "http://$REGISTRY/v2/mytomcat/tags/list")"
}

pushes_the_same_image_to_a_second_repository() {
  podman_in pusher push "$REGISTRY/mytomcat" "$REGISTRY/team/deep/name:copy"
  manifest_of mytomcat latest >"$WORK/manifest"
  manifest_of team/deep/name copy | cmp - "$WORK/manifest"
  podman_in second pull "$REGISTRY/team/deep/name:copy"
  same files "$(tree_of pusher "$REGISTRY/mytomcat")" "$(tree_of second "$REGISTRY/team/deep/name:copy")"
}

walk_images() {
  allow_plain_http
  check 240 'debootstrap makes a root file system' make_root_file_system
  check 60 'podman builds an image of several layers from it' build_image
  check 120 'podman pushes it' push_image
  check 10 'catalog and tags list exactly what was pushed' lists_exactly_what_was_pushed
  check 120 'podman pulls it into an empty store, equal in every file' pull_into_an_empty_store
  check 30 'manifest, config and layers have the digests that name them' serves_the_bytes_that_the_digests_name
  check 60 'the pulled image runs' runs_what_was_pulled
  check 120 'a second push moves the tag, and the puller follows' moves_the_tag
  check 120 'the same image goes to a second repository' pushes_the_same_image_to_a_second_repository
}
