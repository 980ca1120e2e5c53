# Builds the calculator and compares what it prints.
rustc --edition 2021 -o hidden-calc src/main.rs || exit 1
bad=0
# is EXPRESSION VALUE
is() {
  out=$(./hidden-calc "$1" 2>&1)
  code=$?
  [ "$code $out" = "0 $2" ] && return
  bad=1
  printf 'wrong: %.60s: wanted %s, found %.200s (exit code %s)\n' "$1" "$2" "$out" "$code"
}
# fails EXPRESSION MESSAGE
fails() {
  out=$(./hidden-calc "$1" 2>/dev/null)
  code=$?
  message=$(./hidden-calc "$1" 2>&1 >/dev/null)
  [ "$code $out$message" = "1 $2" ] && return
  bad=1
  printf 'wrong: %.60s: wanted the error %s, found %.200s%.200s (exit code %s)\n' "$1" "$2" "$out" "$message" "$code"
}
is '1+2*3' 7
is '-2^2' -4
is '(-2)^2' 4
is '2^3^2' 512
is '10-4-3' 3
is '100/10/5' 2
is '2*-3' -6
is '2^+3' 8
is '-2^-0' -1
is '--3' 3
is '+-+3' -3
is '2--3' 5
is '-7/2' -3
is '-7%3' -1
is '7%-3' 1
is '2*3%4' 2
is '0^0' 1
is '1^9999999999' 1
is '(0-1)^9223372036854775807' -1
is ' ( 1 + 2 ) * 3 ' 9
is '-9223372036854775808' -9223372036854775808
is '(-9223372036854775808)' -9223372036854775808
is '1+-9223372036854775808' -9223372036854775807
is '-9223372036854775808%-1' 0
fails '9223372036854775807+1' overflow
fails '9223372036854775808' overflow
fails '--9223372036854775808' overflow
fails '-9223372036854775808/-1' overflow
fails '99999999999999999999999999' overflow
fails '2^63' overflow
fails '2^4294967297' overflow
fails '-9223372036854775808*-1' overflow
fails '2^-1' 'negative exponent'
fails '1/0' 'division by zero'
fails '1%(2-2)' 'division by zero'
fails '' 'unexpected end'
fails '   ' 'unexpected end'
fails '1+' 'unexpected end'
fails '(1+2' 'unexpected end'
fails '12 34' 'unexpected 34 at 4'
fails '1/0+)' 'unexpected ) at 5'
fails '1)' 'unexpected ) at 2'
fails '()' 'unexpected ) at 2'
fails '2**3' 'unexpected * at 3'
fails 'é+1' 'unexpected é at 1'
fails '1+ñ' 'unexpected ñ at 3'
fails '(ü' 'unexpected ü at 2'
fails '99999999999999999999 9' 'unexpected 9 at 22'
repeat() { awk -v text="$1" -v n="$2" 'BEGIN { while (n-- > 0) printf "%s", text }'; }
is "$(repeat '(' 999)7$(repeat ')' 999)" 7
is "$(repeat '-' 998)7" 7
is "$(repeat '1^' 999)1" 1
is "1$(repeat '+1' 20000)" 20001
for text in "$(repeat '(' 10000)7$(repeat ')' 10000)" "$(repeat '-' 10000)7" "$(repeat '1^' 10000)1"; do
  out=$(./hidden-calc "$text" 2>&1)
  case $out in
  7 | 1 | 'too deep') ;;
  *) bad=1 && printf 'wrong: ten thousand deep: %.100s\n' "$out" ;;
  esac
done
[ $bad -eq 0 ] && exit 0
exit 1
