# bash completion for bedrail(1)

_bedrail_feeds="csaf icsadvisories nvd cve kev epss endoflife cyclonedx"
_bedrail_limits="flows= reassembly-bytes= stream-bytes= dissection-bytes= fragments= fragment-bytes= subjects= connections= declared= facts="

# The devices' and findings' ids of the assessments named on the line, or of assessment.json here.
_bedrail_ids() {
  local word files=()
  for word in "${COMP_WORDS[@]:2}"; do
    [[ $word == *.json && -r $word ]] && files+=("$word")
  done
  [[ ${#files[@]} -eq 0 && -r assessment.json ]] && files=(assessment.json)
  [[ ${#files[@]} -gt 0 ]] && grep -ohE '"(dev|fnd)-[0-9a-f]{16}"' "${files[@]}" 2>/dev/null | tr -d '"' | sort -u
}

_bedrail() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
  local reading="--threads --since --until --no-hash --limit" words=
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    mapfile -t COMPREPLY < <(compgen -W "assess explain observe knowledge --help -h --version" -- "$current")
    return
  fi
  case $previous in
    --format) mapfile -t COMPREPLY < <(compgen -W "summary json html csv" -- "$current"); return ;;
    --threads) mapfile -t COMPREPLY < <(compgen -W "1 2 4 8 16" -- "$current"); return ;;
    --limit)
      mapfile -t COMPREPLY < <(compgen -W "$_bedrail_limits" -- "$current")
      compopt -o nospace 2>/dev/null
      return ;;
    -o | --output | --knowledge | --site | --into)
      mapfile -t COMPREPLY < <(compgen -d -- "$current")
      compopt -o filenames 2>/dev/null
      return ;;
    --since | --until | --as-of | --date | --because | --by) return ;;
  esac
  case $command in
    assess) words="$reading -o --output --format --as-of --knowledge --site --help -h" ;;
    observe) words="$reading --help -h" ;;
    explain) words="--help -h" ;;
    knowledge)
      words="--help -h"
      case ${COMP_WORDS[2]} in
        import)
          [[ ${COMP_WORDS[3]} == recog && $COMP_CWORD -gt 3 ]] && words="--into --preview --knowledge --help -h"
          [[ " $_bedrail_feeds " == *" ${COMP_WORDS[3]} "* && $COMP_CWORD -gt 3 ]] && words="--into --preview --yes --all --knowledge --help -h"
          if [[ $COMP_CWORD -eq 3 && $current != -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "recog $_bedrail_feeds" -- "$current")
            return
          fi ;;
        list) [[ $COMP_CWORD -gt 2 ]] && words="--rules --as-of --knowledge --site --help -h" ;;
        diff | rollback) [[ $COMP_CWORD -gt 2 ]] && words="--knowledge --site --help -h" ;;
        check) [[ $COMP_CWORD -gt 2 ]] && words="--knowledge --site --help -h" ;;
        why) [[ $COMP_CWORD -gt 2 ]] && words="$reading --knowledge --site --help -h" ;;
        correct)
          [[ $COMP_CWORD -gt 2 ]] && words="--because --in --siblings --by --preview --date --knowledge --site --help -h"
          if [[ $COMP_CWORD -gt 3 && $current != -* && $previous != -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "type= vendor= model= firmware= os= department= location=" -- "$current")
            compopt -o nospace 2>/dev/null
            return
          fi ;;
        corrections)
          if [[ $COMP_CWORD -eq 3 && $current != -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "list remove" -- "$current")
            return
          fi
          [[ $COMP_CWORD -gt 3 ]] && words="--knowledge --site --help -h" ;;
        export-corrections) [[ $COMP_CWORD -gt 2 ]] && words="--without-reasons --knowledge --site --help -h" ;;
      esac
      if [[ $COMP_CWORD -eq 2 && $current != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "import list diff rollback check why correct corrections export-corrections" -- "$current")
        return
      fi ;;
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    return
  fi
  if [[ $command == explain && $COMP_CWORD -eq 2 ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_bedrail_ids)" -- "$current")
    return
  fi
  mapfile -t COMPREPLY < <(compgen -f -- "$current")
  compopt -o filenames 2>/dev/null
}

complete -F _bedrail bedrail
