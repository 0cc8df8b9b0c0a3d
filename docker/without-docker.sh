#!/usr/bin/env bash
# Builds and runs the images on a machine without a Docker engine and without a registry of images, as root on Debian or Ubuntu:
#   without-docker.sh bases                          two stand-ins for the public bases, from packages alone
#   without-docker.sh build TARGET                   localhost/trancendos-TARGET from docker/Dockerfile; `images` first, anew
#   without-docker.sh run TARGET [NAME=VALUE ...] [-- ARGS...]
#                                                    its own user, no capabilities, a read-only root, this machine's network and /secrets
#   without-docker.sh clean                          removes what was built
# What a container may write is /tmp. SIGTERM reaches it, and its exit code is this script's.
set -euo pipefail
cd "$(dirname "$0")/.."
HOME_DIR=${IMAGES_DIR:-$PWD/.local/images}
NODE_VERSION=$(sed -n 's/^ARG BUILD_IMAGE=node:\([0-9.]*\)-.*/\1/p' docker/Dockerfile)
CA=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
mkdir -p "$HOME_DIR"

bh() { buildah --root "$HOME_DIR/store" --runroot "$HOME_DIR/run" --storage-driver vfs "$@"; }
has() { bh inspect --type image "localhost/$1" >/dev/null 2>&1; }

# What the build stage needs: Debian, Node and npm.
build_base() {
  has build-base && return
  local rootfs=$HOME_DIR/rootfs packed=$HOME_DIR/packed container
  rm -rf "$rootfs" "$packed" && mkdir -p "$packed/root/usr/local/bin" "$packed/root/usr/local/lib/node_modules/npm"
  debootstrap --variant=minbase --include=ca-certificates "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$rootfs" >"$HOME_DIR/debootstrap.log" 2>&1 ||
    { tail -5 "$HOME_DIR/debootstrap.log" >&2; return 1; }
  tar --numeric-owner --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' --exclude='./var/cache/apt/*' -C "$rootfs" -cf "$packed/debian.tar" .
  (cd "$packed" && npm pack --silent "node-linux-$(node -p process.arch)@$NODE_VERSION" npm@11 >/dev/null)
  tar xzf "$packed"/node-linux-*.tgz -C "$packed/root/usr/local" --strip-components=1 package/bin/node
  tar xzf "$packed"/npm-*.tgz -C "$packed/root/usr/local/lib/node_modules/npm" --strip-components=1
  for name in npm npx; do ln -s "../lib/node_modules/npm/bin/$name-cli.js" "$packed/root/usr/local/bin/$name"; done
  chmod 755 "$packed/root/usr/local/bin/node" "$packed/root/usr/local/lib/node_modules/npm/bin/"*.js
  container=$(bh from scratch)
  bh add -q "$container" "$packed/debian.tar" / >/dev/null
  bh copy -q "$container" "$packed/root" / >/dev/null
  bh config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
  bh commit -q --rm "$container" localhost/build-base >/dev/null
  rm -rf "$rootfs" "$packed"
}

# What Node needs to run and nothing else, as in a distroless base: no shell, no package manager.
runtime_base() {
  has runtime-base && return
  local packed=$HOME_DIR/packed container
  rm -rf "$packed" && mkdir -p "$packed/root/tmp" "$packed/root/proc" "$packed/root/dev" "$packed/root/etc" "$packed/root/secrets"
  (cd "$packed" && chown _apt . 2>/dev/null; apt-get -q download libc6 libgcc-s1 libstdc++6 ca-certificates >/dev/null)
  for package in "$packed"/*.deb; do dpkg-deb -x "$package" "$packed/root"; done
  mkdir -p "$packed/root/etc/ssl/certs" && cp /etc/ssl/certs/ca-certificates.crt "$packed/root/etc/ssl/certs/"
  rm -rf "$packed/root/usr/share/"{doc,lintian,ca-certificates} "$packed/root/usr/sbin" "$packed/root/usr/bin" "$packed/root/sbin"
  printf 'nonroot:x:10001:10001::/tmp:/sbin/nologin\n' >"$packed/root/etc/passwd"
  printf 'hosts: files dns\n' >"$packed/root/etc/nsswitch.conf"
  container=$(bh from scratch)
  bh copy -q "$container" "$packed/root" / >/dev/null
  bh commit -q --rm "$container" localhost/runtime-base >/dev/null
  rm -rf "$packed"
}

# The stages that install and compile are built once and kept as an image; a target is then built from the rest of the Dockerfile. (Layers, by
# which a Docker engine does the same, are whole copies of the file system here.) The trust store of this machine is for RUN steps only.
build() {
  if [ "$1" = images ]; then
    printf 'cafile=/run/host-ca.crt\n' >"$HOME_DIR/npmrc"
    bud images docker/Dockerfile -v "$CA:/run/host-ca.crt:ro" -v "$HOME_DIR/npmrc:/usr/local/etc/npmrc:ro"
  else
    has trancendos-images || build images
    { echo 'ARG RUNTIME_IMAGE' && echo 'FROM localhost/trancendos-images AS images' && sed -n '/ AS runtime$/,$p' docker/Dockerfile; } >"$HOME_DIR/Dockerfile"
    bud "$1" "$HOME_DIR/Dockerfile"
  fi
}

bud() {
  local target=$1 file=$2
  shift 2
  bh rm "run-$target" >/dev/null 2>&1 || true
  bh bud --pull-never --format docker --layers=false "$@" --build-arg BUILD_IMAGE=localhost/build-base --build-arg RUNTIME_IMAGE=localhost/runtime-base \
    --build-arg REVISION="$(git rev-parse HEAD 2>/dev/null || echo unknown)" -f "$file" --target "$target" -t "localhost/trancendos-$target" .
}

# The image's own configuration as lines: its user, its folder, how many variables, the variables, and its command.
configuration() {
  bh inspect --type image "localhost/trancendos-$1" | node -e '
    const { User, WorkingDir, Env, Entrypoint = [], Cmd = [] } = JSON.parse(require("fs").readFileSync(0, "utf8")).OCIv1.config;
    console.log([User.split(":")[0], WorkingDir, Env.length, ...Env, ...Entrypoint, "", ...Cmd].join("\n"));'
}

run() {
  local target=$1 container root lines user folder count variables command arguments=() child code=0
  shift
  mapfile -t lines < <(configuration "$target")
  user=${lines[0]} folder=${lines[1]} count=${lines[2]}
  variables=("${lines[@]:3:count}") command=("${lines[@]:3+count}")
  while [ $# -gt 0 ] && [ "$1" != -- ]; do variables+=("$1"); shift; done
  if [ $# -gt 0 ]; then shift; arguments=("$@"); fi
  # An empty line parts the entry point, which stays, from the command, which arguments replace.
  local entry=() rest=() part=entry
  for word in "${command[@]}"; do
    if [ -z "$word" ]; then part=rest; elif [ $part = entry ]; then entry+=("$word"); else rest+=("$word"); fi
  done
  [ ${#arguments[@]} -eq 0 ] || rest=("${arguments[@]}")
  # One copy of the files for every run: nobody can write to it.
  container=run-$target
  root=$(bh mount "$container" 2>/dev/null) || { bh from --pull-never --name "$container" "localhost/trancendos-$target" >/dev/null; root=$(bh mount "$container"); }
  unshare --mount --propagation private --ipc --uts --pid --fork --kill-child bash -c '
    set -e; root=$1 user=$2 folder=$3 secrets=$4 count=$5; shift 5
    mount --bind "$root" "$root"
    mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
    mount -t tmpfs -o nosuid,nodev,mode=1777,size=64m tmpfs "$root/tmp"
    mount -t tmpfs -o mode=755 tmpfs "$root/dev"
    for device in null zero random urandom; do : >"$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
    if [ -n "$secrets" ]; then mount --bind "$secrets" "$root/secrets"; mount -o remount,bind,ro "$root/secrets"; fi
    mount -o remount,bind,ro "$root"
    variables=("${@:1:count}"); shift "$count"
    exec env -i "${variables[@]}" /usr/bin/setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,+sys_chroot,+setuid,+setgid -- \
      /usr/bin/unshare --root="$root" --wd="$folder" --setgid="$user" --setuid="$user" -- "$@"
  ' _ "$root" "$user" "$folder" "${SECRETS_DIR:-}" ${#variables[@]} "${variables[@]}" "${entry[@]}" "${rest[@]}" &
  child=$!
  trap 'pkill -TERM -P $child' TERM INT
  wait $child || code=$?
  while kill -0 $child 2>/dev/null; do code=0; wait $child || code=$?; done
  exit $code
}

command=${1:?bases, build, run or clean}
shift
case $command in
  bases) build_base; runtime_base ;;
  build) build "${1:?which target?}" ;;
  run) run "${@:?which target?}" ;;
  clean) bh rm -a >/dev/null 2>&1 || true; bh rmi -a -f >/dev/null 2>&1 || true; rm -rf "$HOME_DIR" ;;
  *) echo "unknown: $command" >&2; exit 2 ;;
esac
