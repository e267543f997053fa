#compdef coldsync
# zsh completion for coldsync, as 'coldsync completion zsh' prints it.
# The program itself knows what may come next; this only asks it.

_coldsync() {
	local -a lines values shown
	local line kind value
	lines=("${(@f)$(${(Q)words[1]/#\~/$HOME} __complete -- \
		"${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
	kind=$lines[1]
	shift lines
	case $kind in
	files | dirs)
		compset -P '--*='
		if [[ $kind == dirs ]]; then _files -/; else _files; fi
		return
		;;
	programs)
		_command_names -e
		return
		;;
	esac
	for line in $lines; do
		value=${line%%$'\t'*}
		[[ -n $value ]] || continue
		if [[ $value == *[/=] ]]; then # what ends so goes on
			compadd -S '' -- $value
			continue
		fi
		values+=($value)
		if [[ $line == *$'\t'?* ]]; then
			shown+=("$value -- ${line#*$'\t'}")
		else
			shown+=($value)
		fi
	done
	compadd -l -d shown -a values
}

if [[ $funcstack[1] == _coldsync ]]; then
	_coldsync "$@"
else
	compdef _coldsync coldsync
fi
