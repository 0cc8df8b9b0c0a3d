#!/usr/bin/env bash
# Installs one tool into .local/tools and prints where it is; what is there already is used. Everything comes as a Go module.
#   tools.sh actionlint | kubeconform | kustomize | kubectl | kube-apiserver
#   tools.sh module PATH@VERSION                    the folder of a module's files
set -euo pipefail
cd "$(dirname "$0")/.."
TOOLS=$PWD/.local/tools
K8S_VERSION=v1.36.3
declare -A INSTALLED=(
  [actionlint]=github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
  [kubeconform]=github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
  [kustomize]=sigs.k8s.io/kustomize/kustomize/v5@v5.8.1
)
command -v go >/dev/null || {
  echo "Missing: Go 1.25 or newer, which builds the tools of this check. Get it from https://go.dev/dl or with apt-get install golang." >&2
  exit 3
}
export CGO_ENABLED=0 GOFLAGS="-trimpath -buildvcs=false" GOBIN=$TOOLS
mkdir -p "$TOOLS"

# kube-apiserver and kubectl cannot be installed by `go install`, because Kubernetes' own module replaces its parts by folders. A module of our
# own requires it and maps each part to its release, which carries the version v0.X.Y for v1.X.Y.
build_kubernetes() {
  local module=$TOOLS/kubernetes kubernetes flags="-s -w" package
  mkdir -p "$module"
  kubernetes=$(module "k8s.io/kubernetes@$K8S_VERSION")
  { sed -E "s|^module .*|module example.invalid/kubernetes-tools|; s|^(\s*k8s\.io/[a-z0-9.-]+) v0\.0\.0( //.*)?$|\1 v0.${K8S_VERSION#v1.}\2|; s|=> \./staging/src/(k8s\.io/[a-z0-9.-]+)|=> \1 v0.${K8S_VERSION#v1.}|" "$kubernetes/go.mod"
    echo "require k8s.io/kubernetes $K8S_VERSION"; } >"$module/go.mod"
  cp "$kubernetes/go.sum" "$module/go.sum" && chmod u+w "$module/go.sum"
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=$K8S_VERSION -X $package.gitMajor=1 -X $package.gitMinor=$(cut -d. -f2 <<<"$K8S_VERSION") -X $package.gitTreeState=clean"
  done
  (cd "$module" && GOFLAGS="-mod=mod $GOFLAGS" nice go build -ldflags "$flags" -o "$TOOLS/$1" "k8s.io/kubernetes/cmd/$1")
}

module() { (cd / && go mod download -json "$1") | sed -n 's/^\t"Dir": "\(.*\)",\?$/\1/p'; }

if [ "${1:?which tool?}" = module ]; then
  module "${2:?which module?}"
  exit
fi
case $1 in
  kubectl | kube-apiserver) [ -x "$TOOLS/$1" ] || build_kubernetes "$1" ;;
  *) [ -x "$TOOLS/$1" ] || nice go install -ldflags="-s -w" "${INSTALLED[$1]:?no such tool}" ;;
esac >&2
echo "$TOOLS/$1"
