# bash completion of prog
_prog() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  local path='' candidate i options='' choices=''
  local -a paths=(
    'explain'
    'manifest show'
  )
  for ((i = 1; i < COMP_CWORD; i++)); do
    candidate="${path:+$path }${COMP_WORDS[i]}"
    case " ${paths[*]} " in *" $candidate "*) path=$candidate ;; esac
  done
  case "$path" in
    'explain') options='--overrides --extra-vars --kubernetes-version --containerd-version --work-dir --output --verbose --color --strict --data-dir --help' ;;
    'manifest show') options='--verbose --color --strict --data-dir --help' ;;
  esac
  case "$path $before" in
    'explain --output') choices='text json yaml' ;;
    'explain --color') choices='auto always never' ;;
    'manifest show --color') choices='auto always never' ;;
  esac
  if [ -n "$choices" ]; then
    COMPREPLY=($(compgen -W "$choices" -- "$word"))
  elif [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  else
    local words=''
    for candidate in "${paths[@]}"; do
      case "$candidate" in
        "$path"*) candidate=${candidate#"$path"}; candidate=${candidate# }; words+=" ${candidate%% *}" ;;
      esac
    done
    COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _prog prog
