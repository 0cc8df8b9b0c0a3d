#!/usr/bin/env bash
# actionlint over the workflows: expressions, contexts, inputs of actions, and the shell in them where shellcheck is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
actionlint=$(k8s/tools.sh actionlint)
"$actionlint" .github/workflows/*.yml
echo "$(find .github/workflows -name '*.yml' | wc -l) workflows are fine"
