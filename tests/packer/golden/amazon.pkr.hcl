# Written by konvoy-image; changes are lost with the next build.

variable "ami_filter_name" {
  type    = string
  default = ""
}

variable "ami_filter_owners" {
  type    = string
  default = ""
}

variable "aws_region" {
  type    = string
  default = ""
}

variable "aws_secret_key" {
  type      = string
  default   = ""
  sensitive = true
}

variable "build_name" {
  type    = string
  default = ""
}

variable "kubernetes_full_version" {
  type    = string
  default = ""
}

variable "root_device_name" {
  type    = string
  default = ""
}

variable "source_ami" {
  type    = string
  default = ""
}

variable "ssh_username" {
  type    = string
  default = ""
}

variable "volume_size" {
  type    = string
  default = ""
}

locals {
  timestamp = formatdate("YYYYMMDDhhmmss", timestamp())
}

locals {
  image_name = "${var.build_name}-${var.kubernetes_full_version}-${local.timestamp}"
}

source "amazon-ebs" "image" {
  region                      = var.aws_region
  instance_type               = "t3.small"
  ssh_username                = var.ssh_username
  ssh_key_exchange_algorithms = ["ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521"]
  ami_name                    = replace("konvoy-ami-${local.image_name}", "+", "-")
  ami_description             = "Konvoy base for Kubernetes ${var.kubernetes_full_version}"
  tags = {
    kubernetes_version = var.kubernetes_full_version
    build_timestamp    = local.timestamp
  }

  source_ami_filter {
    filters = {
      architecture        = "x86_64"
      name                = var.ami_filter_name
      root-device-type    = "ebs"
      virtualization-type = "hvm"
    }
    most_recent = true
    owners      = split(",", var.ami_filter_owners)
  }

  launch_block_device_mappings {
    device_name           = var.root_device_name
    delete_on_termination = true
    volume_type           = "gp3"
    iops                  = 3000
    throughput            = 125
    volume_size           = var.volume_size
  }
}

build {
  sources = ["source.amazon-ebs.image"]

  provisioner "shell-local" {
    inline = [
      "set -eu",
      "umask 077",
      "private=$(mktemp -d)",
      "trap 'rm -rf \"$private\"' EXIT",
      "cat >\"$private/key\" <<'KONVOY_END'\n${build.SSHPrivateKey}\nKONVOY_END",
      "cat >\"$private/password\" <<'KONVOY_END'\n${build.Password}\nKONVOY_END",
      "'/usr/bin/konvoy-image' 'packer-step' '--work-dir' 'it'\\''s here' --instance \"${build.User}@${build.Host}:${build.Port}\" --run-id \"${build.PackerRunUUID}\" --key-file \"$private/key\" --password-file \"$private/password\"",
    ]
  }

  post-processors {
    post-processor "manifest" {
      output = "manifest.json"
      custom_data = {
        kubernetes_version = var.kubernetes_full_version
        build_name         = var.build_name
      }
    }

    post-processor "shell-local" {
      inline = [
        "'/usr/bin/konvoy-image' 'record' '--work-dir' 'it'\\''s here'",
      ]
    }
  }
}
