# fish completion of prog
complete -c prog -n '__fish_use_subcommand' -a explain -d 'show where a value comes from'
complete -c prog -n '__fish_seen_subcommand_from explain' -l overrides -d 'override file, later ones win' -r
complete -c prog -n '__fish_seen_subcommand_from explain' -l extra-vars -d 'key=value, a.b=value, @FILE or a JSON object; wins over everything else' -r
complete -c prog -n '__fish_seen_subcommand_from explain' -l kubernetes-version -d 'Kubernetes version to install' -r
complete -c prog -n '__fish_seen_subcommand_from explain' -l containerd-version -d 'containerd version to install' -r
complete -c prog -n '__fish_seen_subcommand_from explain' -l work-dir -d 'directory of this run\'s files, instead of a new one below ./work; \'build\' and \'provision\' use the configuration that \'generate\' wrote there' -r
complete -c prog -n '__fish_seen_subcommand_from explain' -l output -d 'how data is printed' -r -a 'text json yaml'
complete -c prog -n '__fish_seen_subcommand_from explain' -l verbose -d 'say more, up to 6; -vvv is -v 3' -r
complete -c prog -n '__fish_seen_subcommand_from explain' -l color -d 'colours on the terminal' -r -a 'auto always never'
complete -c prog -n '__fish_seen_subcommand_from explain' -l strict -d 'treat warnings about the configuration as errors'
complete -c prog -n '__fish_seen_subcommand_from explain' -l data-dir -d 'images and overrides from DIR instead of those that came with the program' -r
complete -c prog -n '__fish_seen_subcommand_from explain' -l help -d 'explain this command'
complete -c prog -n '__fish_seen_subcommand_from manifest' -a show -d 'print a manifest'
complete -c prog -n '__fish_seen_subcommand_from manifest; and __fish_seen_subcommand_from show' -l verbose -d 'say more, up to 6; -vvv is -v 3' -r
complete -c prog -n '__fish_seen_subcommand_from manifest; and __fish_seen_subcommand_from show' -l color -d 'colours on the terminal' -r -a 'auto always never'
complete -c prog -n '__fish_seen_subcommand_from manifest; and __fish_seen_subcommand_from show' -l strict -d 'treat warnings about the configuration as errors'
complete -c prog -n '__fish_seen_subcommand_from manifest; and __fish_seen_subcommand_from show' -l data-dir -d 'images and overrides from DIR instead of those that came with the program' -r
complete -c prog -n '__fish_seen_subcommand_from manifest; and __fish_seen_subcommand_from show' -l help -d 'explain this command'
