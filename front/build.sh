#!/bin/sh
# Compiles redress.scss into the Python package and refuses a result that is broken or names what we may not use.
# Needs Node. From this folder: npm ci && npm run build
set -eu
cd "$(dirname "$0")"
out=../src/redress/plumbing/static/redress
made=$(mktemp)
trap 'rm -f "$made"' EXIT
# MoJ's files import the literal path node_modules/..., hence the load path ".".
npx --no-install sass --style=compressed --no-source-map --quiet-deps \
  --load-path=. --load-path=node_modules redress.scss "$made"
size=$(wc -c <"$made")
# A failed compilation still leaves a file of some 700 bytes that holds the error text.
[ "$size" -gt 50000 ] || { echo "The style sheet is only $size bytes: something is missing." >&2; exit 1; }
for banned in "GDS Transport" "@font-face" "govuk-crest" "url("; do
  if grep -qF "$banned" "$made"; then
    echo "The style sheet names \"$banned\", which must not be shipped." >&2
    exit 1
  fi
done
{
  echo "/*! Redress. Holds parts of GOV.UK Frontend 6.6.0 (Crown copyright, MIT) and of the MoJ Frontend 11.1.0 (Crown copyright, MIT): see licences.txt */"
  cat "$made"
} >"$out/redress.css"
cp licences.txt "$out/licences.txt"
echo "redress.css: $size bytes"
