# Sourced by run. What podman, skopeo and crane do beyond push and pull of one image.

media_type() { manifest_of "$@" | jq -r .mediaType; } # REPOSITORY REFERENCE
digest_of() { # REPOSITORY:TAG
  (set -o pipefail; skopeo inspect --raw "docker://$REGISTRY/$1" | sha256sum | sed 's/ .*//; s/^/sha256:/') || echo "nothing to read at $1"
}

build_for_two_platforms() {
  local architecture
  mkdir -p "$WORK/multi/files"
  printf 'FROM scratch\nCOPY files /\n' >"$WORK/multi/Containerfile"
  podman_in pusher manifest create multi
  for architecture in amd64 arm64; do
    echo "$architecture" >"$WORK/multi/files/architecture"
    head -c 200000 /dev/urandom >"$WORK/multi/files/random"
    podman_in pusher build -q --platform "linux/$architecture" -f "$WORK/multi/Containerfile" -t "multi-$architecture" "$WORK/multi"
    podman_in pusher manifest add multi "containers-storage:localhost/multi-$architecture"
  done
}

push_an_index() {
  podman_in pusher manifest push --all multi "docker://$REGISTRY/team/multi:v1"
  same 'media type' application/vnd.oci.image.index.v1+json "$(media_type team/multi v1)"
  same platforms 'amd64 arm64' "$(manifest_of team/multi v1 | jq -r '[.manifests[].platform.architecture] | sort | join(" ")')"
}

pull_by_platform() {
  local architecture mounted
  for architecture in amd64 arm64; do
    podman_in "$architecture" pull --platform "linux/$architecture" "$REGISTRY/team/multi:v1"
    same architecture "$architecture" "$(podman_in "$architecture" image inspect --format '{{.Architecture}}' "$REGISTRY/team/multi:v1")"
    mounted=$(podman_in "$architecture" image mount "$REGISTRY/team/multi:v1")
    same 'file in the image' "$architecture" "$(cat "$mounted/architecture")"
    podman_in "$architecture" image unmount "$REGISTRY/team/multi:v1"
    same 'inspected' "$architecture" "$(skopeo inspect --override-arch "$architecture" "docker://$REGISTRY/team/multi:v1" | jq -r .Architecture)"
  done
}

push_a_manifest_list() {
  podman_in pusher manifest push --all --format v2s2 multi "docker://$REGISTRY/team/multi:docker"
  same 'media type' application/vnd.docker.distribution.manifest.list.v2+json "$(media_type team/multi docker)"
  skopeo inspect --override-arch arm64 "docker://$REGISTRY/team/multi:docker" | jq -e '.Architecture == "arm64"'
}

docker_schema_2_and_back() {
  local layers='[.layers[].digest]'
  skopeo copy --format v2s2 "docker://$REGISTRY/mytomcat:latest" "docker://$REGISTRY/team/docker:v2"
  same 'media type' application/vnd.docker.distribution.manifest.v2+json "$(media_type team/docker v2)"
  rm -rf "$WORK/docker-copy"
  skopeo copy "docker://$REGISTRY/team/docker:v2" "dir:$WORK/docker-copy"
  cmp "$WORK/docker-copy/manifest.json" <(manifest_of team/docker v2)
  skopeo copy --format oci "dir:$WORK/docker-copy" "docker://$REGISTRY/team/docker:oci"
  same 'media type' application/vnd.oci.image.manifest.v1+json "$(media_type team/docker oci)"
  manifest_of mytomcat latest | jq -c "$layers" >"$WORK/layers"
  same layers "$(cat "$WORK/layers")" "$(manifest_of team/docker oci | jq -c "$layers")"
}

skopeo_copies_all_platforms() {
  skopeo copy --all --preserve-digests "docker://$REGISTRY/team/multi:v1" "docker://$REGISTRY/other/multi:v1"
  same digest "$(digest_of team/multi:v1)" "$(digest_of other/multi:v1)"
  rm -rf "$WORK/layout"
  skopeo copy --all "docker://$REGISTRY/other/multi:v1" "oci:$WORK/layout:v1"
  same 'blobs in the layout that are not what their name says' '' "$(cd "$WORK/layout/blobs/sha256" && for blob in *; do
    [ "$(sha256sum <"$blob")" = "$blob  -" ] || echo "$blob"; done)"
}

skopeo_inspects_lists_and_deletes() {
  skopeo copy "docker://$REGISTRY/mytomcat:latest" "docker://$REGISTRY/other/skopeo:one"
  skopeo copy "docker://$REGISTRY/team/docker:v2" "docker://$REGISTRY/other/skopeo:two"
  same digest "$(digest_of other/skopeo:one)" "$(skopeo inspect "docker://$REGISTRY/other/skopeo:one" | jq -r .Digest)"
  same tags '["one","two"]' "$(skopeo list-tags "docker://$REGISTRY/other/skopeo" | jq -c .Tags)"
  skopeo delete "docker://$REGISTRY/other/skopeo:one"
  same 'tags after the deletion' '["two"]' "$(skopeo list-tags "docker://$REGISTRY/other/skopeo" | jq -c .Tags)"
  refused skopeo inspect "docker://$REGISTRY/other/skopeo:one"
  skopeo copy "docker://$REGISTRY/mytomcat:latest" "docker://$REGISTRY/other/skopeo:one"
  rm -rf "$WORK/again"
  skopeo copy "docker://$REGISTRY/other/skopeo:one" "dir:$WORK/again"
}

crane_copies_and_reads() {
  crane copy "$REGISTRY/team/multi:v1" "$REGISTRY/crane/multi:v1"
  same digest "$(digest_of team/multi:v1)" "$(crane digest "$REGISTRY/crane/multi:v1")"
  crane manifest "$REGISTRY/crane/multi:v1" | cmp - <(manifest_of team/multi v1)
  crane tag "$REGISTRY/crane/multi:v1" stable
  same tags $'stable\nv1' "$(crane ls "$REGISTRY/crane/multi" | sort)"
  crane catalog "$REGISTRY" | grep -x crane/multi
  crane validate --remote "$REGISTRY/mytomcat:latest"
  crane validate --remote "$REGISTRY/crane/multi:v1"
}

crane_pulls_and_pushes() {
  rm -rf "$WORK/crane-layout"
  crane pull --format=oci "$REGISTRY/mytomcat:latest" "$WORK/crane-layout"
  crane push "$WORK/crane-layout" "$REGISTRY/crane/pushed:v1"
  same digest "$(crane digest "$REGISTRY/mytomcat:latest")" "$(crane digest "$REGISTRY/crane/pushed:v1")"
  crane validate --remote "$REGISTRY/crane/pushed:v1"
}

crane_appends_and_mutates() {
  mkdir -p "$WORK/more"
  echo appended >"$WORK/more/appended"
  tar -C "$WORK/more" -cf "$WORK/more.tar" appended
  crane append --base "$REGISTRY/mytomcat:latest" --new_layer "$WORK/more.tar" --new_tag "$REGISTRY/crane/appended:v1"
  crane export "$REGISTRY/crane/appended:v1" - | tar -xOf - appended | grep -x appended
  crane mutate --label walk=mutated --tag "$REGISTRY/crane/appended:v2" "$REGISTRY/crane/appended:v1"
  same label mutated "$(crane config "$REGISTRY/crane/appended:v2" | jq -r .config.Labels.walk)"
  crane validate --remote "$REGISTRY/crane/appended:v2"
}

crane_deletes() {
  local digest
  digest=$(crane digest "$REGISTRY/crane/appended:v2")
  crane delete "$REGISTRY/crane/appended:v2"
  same tags v1 "$(crane ls "$REGISTRY/crane/appended")"
  crane delete "$REGISTRY/crane/appended@$digest"
  refused crane manifest "$REGISTRY/crane/appended@$digest"
}

listed_tags() { awk 'NR > 1 { print $2 }' | sort; } # of the table that podman prints
podman_searches() {
  podman_in pusher search --tls-verify=false --format '{{.Name}}' "$REGISTRY/multi" | sort >"$WORK/found"
  same found "$REGISTRY/crane/multi $REGISTRY/other/multi $REGISTRY/team/multi" "$(paste -sd' ' "$WORK/found")"
  same 'found of what is not there' '' "$(podman_in pusher search --tls-verify=false --format '{{.Name}}' "$REGISTRY/nothing-like-it")"
  same tags $'docker\nv1' "$(podman_in pusher search --tls-verify=false --list-tags "$REGISTRY/team/multi" | listed_tags)"
}

# What Docker's daemon sends for 'docker search REGISTRY/multi' of somebody who has not logged in.
dockers_search() {
  http 200 GET /v1/_ping -A 'docker/28.0 go/go1.23 kernel/6.1 os/linux arch/amd64'
  http 200 GET '/v1/search?q=multi&n=25' -A 'docker/28.0 go/go1.23 kernel/6.1 os/linux arch/amd64' -H 'X-Docker-Token: true'
}
docker_searches() {
  dockers_search
  same found '3 ["crane/multi","other/multi","team/multi"]' "$(jq -rc '"\(.num_results) \([.results[].name])"' "$WORK/body")"
}

walk_clients() {
  check 60 'podman builds for two platforms' build_for_two_platforms
  check 60 'podman pushes an index' push_an_index
  check 60 'podman pulls each platform of it' pull_by_platform
  check 60 'podman pushes a Docker manifest list' push_a_manifest_list
  check 120 'skopeo copies to Docker schema 2 and back' docker_schema_2_and_back
  check 60 'skopeo copies all platforms within the registry' skopeo_copies_all_platforms
  check 60 'skopeo inspects, lists, deletes, and copies again' skopeo_inspects_lists_and_deletes
  check 60 'crane copies, tags, lists and validates' crane_copies_and_reads
  check 60 'podman searches, and lists tags' podman_searches
  check 30 "Docker's search finds the same" docker_searches
  check 60 'crane pulls and pushes' crane_pulls_and_pushes
  check 60 'crane appends and mutates' crane_appends_and_mutates
  check 30 'crane deletes by tag and by digest' crane_deletes
}
