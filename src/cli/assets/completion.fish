# fish completion for coldsync, as 'coldsync completion fish' prints it.
# The program itself knows what may come next; this only asks it.

function __coldsync_complete
	set -l words (commandline -opc)
	set -l current (commandline -ct)
	set -l lines ($words[1] __complete -- $words[2..-1] $current 2>/dev/null)
	set -l kind $lines[1]
	switch "$kind"
		case files dirs
			set -l before (string match -r '^--[^=]*=' -- $current)
			set -l path (string replace -r '^--[^=]*=' '' -- $current)
			set -l found
			if test "$kind" = dirs
				set found (__fish_complete_directories $path)
			else
				set found (__fish_complete_path $path)
			end
			for one in $found
				printf '%s\n' "$before"$one
			end
		case programs
			__fish_complete_command
		case '*'
			if set -q lines[2]
				printf '%s\n' $lines[2..-1]
			end
	end
end

complete -c coldsync -f -a '(__coldsync_complete)'
