#!/usr/bin/env bash
# npm run tfjs:native: builds the native backend of TensorFlow.js from packages alone, where its own download cannot be reached.
#
# The package @tensorflow/tfjs-node is installed without its install script. TensorFlow's library is taken from the Python wheel of exactly the
# version that it expects (2.9.1, 207 MB, fetched once with pip), and its binding is compiled with g++. Linux x86_64 with glibc; Node 20 to 24.
# Takes about half a minute and 485 MB. An `npm ci` removes the result; the wheel stays in .local/cache.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
cache=$root/.local/cache/tensorflow
package=$root/node_modules/@tensorflow/tfjs-node
headers=$root/node_modules/node-api-headers/include
version=2.9.1

fail() {
  echo "error: $1" >&2
  exit 1
}
for program in python3 g++ gcc nm; do
  command -v "$program" > /dev/null || fail "$program is not there; on Debian: apt-get install g++ binutils python3-pip"
done
python3 -m pip --version > /dev/null 2>&1 || fail "pip is not there; on Debian: apt-get install python3-pip"
[ -f "$package/package.json" ] && [ -d "$headers" ] || fail "@tensorflow/tfjs-node is not installed: npm install --include=optional"

mkdir -p "$cache" "$package/deps/lib" "$package/lib/napi-v8"
wheel=$(find "$cache" -name "tensorflow_cpu-$version-*.whl" | head -n 1)
if [ -z "$wheel" ]; then
  echo "fetching TensorFlow $version, 207 MB" >&2
  python3 -m pip download --quiet --dest "$cache" --no-deps --only-binary=:all: --implementation cp --python-version 3.10 --abi cp310 \
    --platform manylinux2014_x86_64 "tensorflow-cpu==$version"
  wheel=$(find "$cache" -name "tensorflow_cpu-$version-*.whl" | head -n 1)
fi

echo "unpacking" >&2
python3 - "$wheel" "$package/deps" << 'PY'
import os, shutil, sys, zipfile

wheel, target = sys.argv[1:]
C_API = ["c_api.h", "c_api_macros.h", "eager/c_api.h", "tf_attrtype.h", "tf_datatype.h", "tf_status.h", "tf_tensor.h", "tf_tstring.h"]
headers = ["tensorflow/c/" + name for name in C_API] + ["tensorflow/core/platform/ctstring.h", "tensorflow/core/platform/ctstring_internal.h"]
wanted = {"tensorflow/include/" + name: "include/" + name for name in headers}
wanted["tensorflow/libtensorflow_framework.so.2"] = "lib/libtensorflow_framework.so.2"
wanted["tensorflow/python/_pywrap_tensorflow_internal.so"] = "lib/_pywrap_tensorflow_internal.so"
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if os.path.basename(name) in ("LICENSE", "THIRD_PARTY_NOTICES.txt"):
            wanted[name] = "lib/" + os.path.basename(name)
    for source, place in wanted.items():
        path = os.path.join(target, place)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(source) as packed, open(path + ".part", "wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, 1 << 20)
        os.replace(path + ".part", path)
PY

# The library refers to symbols of the Python interpreter, which the C interface never calls: empty ones satisfy the loader.
lib=$package/deps/lib
{
  echo '.data'
  nm --dynamic --undefined-only "$lib/_pywrap_tensorflow_internal.so" | awk '{ sub(/@.*/, "", $2); if ($2 ~ /^_?Py/) print $2 }' | sort -u |
    awk '{ printf ".globl %s\n.type %s,@object\n.size %s,1024\n.balign 64\n%s: .zero 1024\n", $1, $1, $1, $1 }'
  echo '.section .note.GNU-stack,"",@progbits'
} > "$lib/python-symbols.s"
gcc -shared -nostdlib "$lib/python-symbols.s" -Wl,-soname,libpython-symbols.so -o "$lib/libpython-symbols.so"

echo "compiling" >&2
g++ -shared -fPIC -O2 -std=c++17 -DNAPI_VERSION=8 -I"$headers" -I"$package/deps/include" -I"$package/.." \
  "$package/binding/tfjs_backend.cc" "$package/binding/tfjs_binding.cc" -o "$package/lib/napi-v8/tfjs_binding.node" \
  -L"$lib" -Wl,--no-as-needed -lpython-symbols -l:_pywrap_tensorflow_internal.so -l:libtensorflow_framework.so.2 \
  -Wl,--allow-shlib-undefined -Wl,-rpath,'$ORIGIN/../../deps/lib'

echo "built: $package/lib/napi-v8/tfjs_binding.node" >&2
