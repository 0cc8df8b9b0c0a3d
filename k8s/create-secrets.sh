#!/usr/bin/env bash
# Prints the secrets that the manifests mount and no operator makes, with fresh random values: ./create-secrets.sh | kubectl apply -f -
# Run it once. A second run would make other values: what ingest has sealed in the database could then not be opened any more.
#   create-secrets.sh [NAMESPACE]        default: trancendos
set -euo pipefail
namespace=${1:-trancendos}
cat <<YAML
apiVersion: v1
kind: Secret
metadata: { name: ingest, namespace: $namespace }
stringData: { sealing-key: $(openssl rand -base64 32) }
---
apiVersion: v1
kind: Secret
metadata: { name: callers, namespace: $namespace }
stringData: { keys: 'first:$(openssl rand -base64 32)' }
YAML
