#!/bin/sh
# Makes the letters of the visitor's page: two weights, no more signs than the page's languages need, so that
# they weigh seven kilobytes each instead of forty-eight. Needs fonttools and brotli (Debian: fonttools, python3-brotli).
set -eu
cd "$(dirname "$0")"
SIGNS=U+0020-007E,U+00A0,U+00B7,U+2013,U+2018-201D,U+2026
for weight in 400:400Regular 800:800ExtraBold; do
    pyftsubset "AtkinsonHyperlegibleNext_${weight#*:}.ttf" --unicodes="$SIGNS" --layout-features=kern,tnum \
        --flavor=woff2 --no-hinting --output-file="phone-${weight%%:*}.woff2"
done
