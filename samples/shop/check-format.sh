#!/bin/sh
# Checks the formatting of every source file with its `//~` annotations taken off.
cd "$(dirname "$0")" || exit 2
status=0
for file in $(find src tests -name '*.rs' | sort); do
    plain=$(mktemp)
    pretty=$(mktemp)
    sed 's, *//~.*$,,' "$file" >"$plain"
    rustfmt --edition 2024 --config disable_all_formatting=false <"$plain" >"$pretty" || status=1
    diff -u --label "$file" --label "$file, formatted" "$plain" "$pretty" || status=1
    rm -f "$plain" "$pretty"
done
exit $status
