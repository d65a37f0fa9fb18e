# fish completion for bedrail(1)

set -l commands assess explain observe knowledge
set -l feeds csaf icsadvisories nvd cve kev epss endoflife cyclonedx

complete -c bedrail -n "not __fish_seen_subcommand_from $commands" -f -a assess -d 'Name the devices and what is wrong with them'
complete -c bedrail -n "not __fish_seen_subcommand_from $commands" -f -a explain -d 'Tell how a value or a finding came about'
complete -c bedrail -n "not __fish_seen_subcommand_from $commands" -f -a observe -d 'Print what is heard, line by line'
complete -c bedrail -n "not __fish_seen_subcommand_from $commands" -f -a knowledge -d 'Import, list, check and correct knowledge; show where a rule fires'
complete -c bedrail -n "__fish_seen_subcommand_from knowledge; and not __fish_seen_subcommand_from import list diff rollback check why correct corrections export-corrections" -f -a 'import list diff rollback check why correct corrections export-corrections'
complete -c bedrail -n "__fish_seen_subcommand_from import; and not __fish_seen_subcommand_from recog $feeds" -f -a "recog $feeds"
complete -c bedrail -n "not __fish_seen_subcommand_from $commands" -l version -d 'Print the version and leave'
complete -c bedrail -s h -l help -d 'Print help and leave'

complete -c bedrail -n "__fish_seen_subcommand_from assess observe why" -x -l threads -a '1 2 4 8 16' -d 'Threads that read packets'
complete -c bedrail -n "__fish_seen_subcommand_from assess observe why" -x -l since -d 'Leave out packets before this time'
complete -c bedrail -n "__fish_seen_subcommand_from assess observe why" -x -l until -d 'Leave out packets from this time on'
complete -c bedrail -n "__fish_seen_subcommand_from assess observe why" -l no-hash -d 'Leave out the SHA-256 of the captures'
complete -c bedrail -n "__fish_seen_subcommand_from assess observe why" -x -l limit -a 'flows= reassembly-bytes= stream-bytes= dissection-bytes= fragments= fragment-bytes= subjects= connections= declared= facts=' -d 'Set a limit'
complete -c bedrail -n "__fish_seen_subcommand_from assess" -x -s o -l output -a '(__fish_complete_directories)' -d 'Write report, document and table into this folder'
complete -c bedrail -n "__fish_seen_subcommand_from assess" -x -l format -a 'summary json html csv' -d 'What goes to standard output'
complete -c bedrail -n "__fish_seen_subcommand_from assess list; and not __fish_seen_subcommand_from corrections" -x -l as-of -d 'Judge support, certificates and ages by this day'
complete -c bedrail -n "__fish_seen_subcommand_from assess list diff rollback check why correct remove export-corrections" -x -l site -a '(__fish_complete_directories)' -d 'Folder of what this site added'
complete -c bedrail -n "__fish_seen_subcommand_from recog $feeds" -x -l into -a '(__fish_complete_directories)' -d 'Folder of what this site adds'
complete -c bedrail -n "__fish_seen_subcommand_from recog $feeds" -l preview -d 'Tell what would change'
complete -c bedrail -n "__fish_seen_subcommand_from $feeds" -l yes -d 'Apply without asking'
complete -c bedrail -n "__fish_seen_subcommand_from $feeds" -l all -d 'Withdraw what the files do not name'
complete -c bedrail -n "__fish_seen_subcommand_from list; and not __fish_seen_subcommand_from corrections" -l rules -d 'List each rule'
complete -c bedrail -n "__fish_seen_subcommand_from assess list diff rollback check why recog correct remove export-corrections $feeds" -x -l knowledge -a '(__fish_complete_directories)' -d 'Folder of knowledge'
complete -c bedrail -n "__fish_seen_subcommand_from corrections; and not __fish_seen_subcommand_from list remove" -f -a 'list remove'
complete -c bedrail -n "__fish_seen_subcommand_from correct" -f -a 'type= vendor= model= firmware= os= department= location='
complete -c bedrail -n "__fish_seen_subcommand_from correct" -x -l because -d 'How that is known'
complete -c bedrail -n "__fish_seen_subcommand_from correct" -r -l in -d 'Assessment that the device stands in'
complete -c bedrail -n "__fish_seen_subcommand_from correct" -l siblings -d 'Also for all that are like it'
complete -c bedrail -n "__fish_seen_subcommand_from correct" -x -l by -d 'What siblings have in common'
complete -c bedrail -n "__fish_seen_subcommand_from correct" -l preview -d 'Tell what would be corrected'
complete -c bedrail -n "__fish_seen_subcommand_from correct" -x -l date -d 'Day of the correction'
complete -c bedrail -n "__fish_seen_subcommand_from export-corrections" -l without-reasons -d 'Leave the reasons out'
