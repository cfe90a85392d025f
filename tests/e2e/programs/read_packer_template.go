// read-packer-template FILE parses a template with HashiCorp's parser and prints what it holds as JSON.
// Blocks and attributes that Packer 1.7 and newer do not know, and names that nothing declares, are errors.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// The top level of a template: hcl2template's configSchema in Packer 1.7.
var top = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "packer"},
	{Type: "source", LabelNames: []string{"type", "name"}},
	{Type: "variables"},
	{Type: "variable", LabelNames: []string{"name"}},
	{Type: "locals"},
	{Type: "local", LabelNames: []string{"name"}},
	{Type: "data", LabelNames: []string{"type", "name"}},
	{Type: "build"},
}}
var packer = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "required_version"}},
	Blocks:     []hcl.BlockHeaderSchema{{Type: "required_plugins"}},
}
var variable = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "description"}, {Name: "default"}, {Name: "type"}, {Name: "sensitive"}},
	Blocks:     []hcl.BlockHeaderSchema{{Type: "validation"}},
}
var build = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "name"}, {Name: "description"}, {Name: "sources"}},
	Blocks: []hcl.BlockHeaderSchema{
		{Type: "source", LabelNames: []string{"reference"}},
		{Type: "provisioner", LabelNames: []string{"type"}},
		{Type: "error-cleanup-provisioner", LabelNames: []string{"type"}},
		{Type: "post-processor", LabelNames: []string{"type"}},
		{Type: "post-processors"},
	},
}

type found struct {
	Plugins        map[string]map[string]string `json:"plugins"`
	Sources        []string                     `json:"sources"`
	BuildSources   []string                     `json:"build_sources"`
	Provisioners   []string                     `json:"provisioners"`
	PostProcessors []string                     `json:"post_processors"`
}

func check(problems hcl.Diagnostics) {
	if problems.HasErrors() {
		fmt.Fprintln(os.Stderr, problems.Error())
		os.Exit(1)
	}
}

func refuse(format string, words ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", words...)
	os.Exit(1)
}

// required_plugins has an object for each plugin, with a source and a version and nothing else.
func (all *found) readPlugins(block *hcl.Block) {
	attributes, problems := block.Body.JustAttributes()
	check(problems)
	for name, attribute := range attributes {
		value, problems := attribute.Expr.Value(nil)
		check(problems)
		if !value.Type().IsObjectType() {
			refuse("the plugin %s is no object", name)
		}
		all.Plugins[name] = map[string]string{}
		for key, one := range value.AsValueMap() {
			if key != "source" && key != "version" || one.Type() != cty.String {
				refuse("the plugin %s has %s", name, key)
			}
			all.Plugins[name][key] = one.AsString()
		}
	}
}

func (all *found) readBuild(block *hcl.Block) {
	content, problems := block.Body.Content(build)
	check(problems)
	if sources, given := content.Attributes["sources"]; given {
		value, problems := sources.Expr.Value(nil)
		check(problems)
		for _, one := range value.AsValueSlice() {
			all.BuildSources = append(all.BuildSources, one.AsString())
		}
	}
	for _, inner := range content.Blocks {
		switch inner.Type {
		case "provisioner":
			all.Provisioners = append(all.Provisioners, inner.Labels[0])
		case "post-processors":
			chain, problems := inner.Body.Content(&hcl.BodySchema{
				Blocks: []hcl.BlockHeaderSchema{{Type: "post-processor", LabelNames: []string{"type"}}}})
			check(problems)
			for _, one := range chain.Blocks {
				all.PostProcessors = append(all.PostProcessors, one.Labels[0])
			}
		}
	}
}

// Every var.X and local.X that an expression anywhere names must be declared.
func checkNames(body *hclsyntax.Body, declared map[string]bool) {
	problems := hclsyntax.VisitAll(body, func(node hclsyntax.Node) hcl.Diagnostics {
		reference, is := node.(*hclsyntax.ScopeTraversalExpr)
		if !is {
			return nil
		}
		root := reference.Traversal.RootName()
		if root != "var" && root != "local" {
			return nil
		}
		step, is := reference.Traversal[1].(hcl.TraverseAttr)
		if !is || !declared[root+"."+step.Name] {
			at := reference.Range()
			return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "not declared: " + root + "." + step.Name, Subject: &at}}
		}
		return nil
	})
	check(problems)
}

func main() {
	file, problems := hclparse.NewParser().ParseHCLFile(os.Args[1])
	check(problems)
	content, problems := file.Body.Content(top)
	check(problems)
	all := found{Plugins: map[string]map[string]string{}}
	declared := map[string]bool{}
	for _, block := range content.Blocks {
		switch block.Type {
		case "packer":
			inner, problems := block.Body.Content(packer)
			check(problems)
			for _, one := range inner.Blocks {
				all.readPlugins(one)
			}
		case "variable":
			_, problems := block.Body.Content(variable)
			check(problems)
			if declared["var."+block.Labels[0]] {
				refuse("the variable %s is declared twice", block.Labels[0])
			}
			declared["var."+block.Labels[0]] = true
		case "locals":
			attributes, problems := block.Body.JustAttributes()
			check(problems)
			for name := range attributes {
				declared["local."+name] = true
			}
		case "source":
			all.Sources = append(all.Sources, "source."+block.Labels[0]+"."+block.Labels[1])
		case "build":
			all.readBuild(block)
		}
	}
	checkNames(file.Body.(*hclsyntax.Body), declared)
	text, err := json.Marshal(all)
	if err != nil {
		refuse("%s", err)
	}
	fmt.Println(string(text))
}
