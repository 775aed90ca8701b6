#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_archives.sh - the archives that fuzz targets are linked with hold every object of their part: none is lost to
# another of the same name.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD_DIR:-build/release}
failed=0
for part in client server reports witness; do
    archive=$build/libskarva-$part.a
    want=$(find "$part" -name '*.c' ! -name main.c -printf '%f\n' | sed 's/\.c$/.o/' | sort)
    if [ "$want" = "$(ar t "$archive" | sort)" ]; then echo "ok - $archive holds every object once"; else
        failed=1
        echo "not ok - $archive holds every object once"
        diff <(echo "$want") <(ar t "$archive" | sort) | sed 's/^/    # /'
    fi
done
exit $failed
