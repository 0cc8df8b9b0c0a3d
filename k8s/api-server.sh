#!/usr/bin/env bash
# A real kube-apiserver with etcd on this machine's loopback, without a cluster, for dry runs; what it kept is thrown away at the next start.
#   api-server.sh start | stop
#   api-server.sh kubectl ARGS...
# etcd comes from Debian (etcd-server), installed where this may be done. Ports: K8S_API_PORT, ETCD_PORT and the one after it.
set -euo pipefail
cd "$(dirname "$0")/.."
RUN=$PWD/.local/kube-apiserver API_PORT=${K8S_API_PORT:-16443} ETCD_PORT=${ETCD_PORT:-23790}
mkdir -p "$RUN"

find_etcd() {
  command -v etcd && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -q && apt-get install -y -q --no-install-recommends etcd-server; } >"$RUN/apt.log" 2>&1 && command -v etcd && return
  fi
  echo "Missing: etcd, which the API server keeps its objects in. Get it with apt-get install etcd-server." >&2
  exit 3
}

stop() {
  local name pid
  for name in apiserver etcd; do
    [ -s "$RUN/$name.pid" ] || continue
    pid=$(cat "$RUN/$name.pid")
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
    rm -f "$RUN/$name.pid"
  done
}

start() {
  local etcd server token client=http://127.0.0.1:$ETCD_PORT peer=http://127.0.0.1:$((ETCD_PORT + 1))
  stop
  etcd=$(find_etcd)
  server=$(k8s/tools.sh kube-apiserver)
  k8s/tools.sh kubectl >/dev/null
  rm -rf "$RUN" && mkdir -p "$RUN" && cd "$RUN"
  token=$(openssl rand -hex 16)
  openssl genrsa -out accounts.key 2048 2>/dev/null
  (umask 077 && echo "$token,admin,1,\"system:masters\"" >tokens.csv)
  "$etcd" --name check --data-dir etcd --listen-client-urls "$client" --advertise-client-urls "$client" --listen-peer-urls "$peer" \
    --initial-advertise-peer-urls "$peer" --initial-cluster "check=$peer" --unsafe-no-fsync >etcd.log 2>&1 </dev/null &
  echo $! >etcd.pid
  "$server" --etcd-servers="$client" --bind-address=127.0.0.1 --advertise-address=127.0.0.1 --secure-port="$API_PORT" --cert-dir=certificates \
    --service-cluster-ip-range=10.96.0.0/16 --service-account-key-file=accounts.key --service-account-signing-key-file=accounts.key \
    --service-account-issuer=https://kubernetes.default.svc --token-auth-file=tokens.csv --authorization-mode=RBAC \
    --disable-admission-plugins=ServiceAccount --endpoint-reconciler-type=none >apiserver.log 2>&1 </dev/null &
  echo $! >apiserver.pid
  (umask 077 && cat >kubeconfig) <<YAML
apiVersion: v1
kind: Config
clusters: [{name: check, cluster: {server: "https://127.0.0.1:$API_PORT", certificate-authority: $RUN/certificates/apiserver.crt}}]
users: [{name: check, user: {token: $token}}]
contexts: [{name: check, context: {cluster: check, user: check}}]
current-context: check
YAML
  for _ in $(seq 600); do
    [ -s certificates/apiserver.crt ] && kc get --raw=/readyz >/dev/null 2>&1 && return
    kill -0 "$(cat apiserver.pid)" 2>/dev/null || break
    sleep 0.2
  done
  tail -5 apiserver.log >&2
  return 1
}

kc() { "$RUN/../tools/kubectl" --kubeconfig "$RUN/kubeconfig" --cache-dir "$RUN/cache" "$@"; }

command=${1:?start, stop or kubectl}
shift
case $command in
  start) start ;;
  stop) stop ;;
  kubectl) kc "$@" ;;
  *) echo "unknown: $command" >&2; exit 2 ;;
esac
