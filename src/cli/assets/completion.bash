# bash completion for coldsync, as 'coldsync completion bash' prints it.
# The program itself knows what may come next; this only asks it.

_coldsync() {
	local word value line kind i=1 words=()
	# bash has split the words at '=' too: put them together again.
	while ((i <= COMP_CWORD)); do
		word=${COMP_WORDS[i]}
		if [[ $word == = && ${#words[@]} -gt 0 ]]; then
			words[${#words[@]} - 1]+==
			if ((i < COMP_CWORD)); then
				((i += 1))
				words[${#words[@]} - 1]+=${COMP_WORDS[i]}
			fi
		else
			words+=("$word")
		fi
		((i += 1))
	done
	local current=${words[${#words[@]} - 1]-}
	local program=${COMP_WORDS[0]/#\~/$HOME}

	COMPREPLY=()
	i=0
	while ((i < ${#words[@]})); do # as typed: quoted
		word=${words[i]//\\/}
		words[i]=${word//[\'\"]/}
		((i += 1))
	done
	while IFS= read -r line; do
		if [[ -z $kind ]]; then
			kind=$line
			continue
		fi
		value=${line%%$'\t'*}
		[[ $current == --*=* && $COMP_WORDBREAKS == *=* ]] &&
			value=${value#*=}
		printf -v value %q "$value"
		COMPREPLY+=("$value")
	done < <("$program" __complete -- "${words[@]}" 2>/dev/null)

	[[ $current == --*=* ]] && current=${current#*=}
	case $kind in
	files | dirs)
		compopt -o filenames 2>/dev/null
		local how=-f
		[[ $kind == dirs ]] && how=-d
		mapfile -t COMPREPLY < <(compgen $how -- "$current")
		;;
	programs)
		mapfile -t COMPREPLY < <(compgen -c -- "$current")
		;;
	esac
	# What ends so goes on.
	if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[/=] ]]; then
		compopt -o nospace 2>/dev/null
	fi
}

complete -F _coldsync coldsync
