//! The modules of a crate, what each one defines and imports, and which paths its code names.
//!
//! The walk starts at the root file of a target and follows `mod`. It parses the sources; it does not expand macros. Paths in
//! macro calls and in attributes are found token by token, except in `quote!`, which holds the code of another crate.
//! Everything under `#[cfg(test)]` is marked as a test; features and platforms are not evaluated.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use syn::buffer::{Cursor, TokenBuffer};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{
    Attribute, Block, Expr, Ident, Item, ItemExternCrate, ItemMod, ItemUse, Lit, LitStr, Macro, Meta, MetaList, Token,
    UseTree, Visibility,
};

use crate::outcome::Failure;
use crate::workspace;

/// One module, in a file of its own or inline.
#[derive(Debug)]
pub(super) struct Module {
    /// The names that lead here from the root of the crate.
    pub(super) path: Vec<String>,
    pub(super) file: PathBuf,
    pub(super) is_test: bool,
    /// The names of its items, except modules.
    pub(super) items: BTreeSet<String>,
    pub(super) imports: Vec<Import>,
    /// The paths that its code names, outside of imports.
    pub(super) names: Vec<Name>,
}

/// One name that a `use` brings into a module.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) name: Name,
    /// What it is called here; nothing for `*`.
    pub(super) alias: Option<String>,
    /// Whether it is a `pub use`, at any visibility.
    pub(super) is_reexport: bool,
}

/// A path as the source writes it.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) segments: Vec<String>,
    /// Whether it starts with `::`, so that the first segment is a crate.
    pub(super) is_external: bool,
    /// Whether it is in a `use` or has at least two segments.
    pub(super) is_qualified: bool,
    pub(super) is_test: bool,
}

/// Returns all modules of the crate whose root is `file`, the root first.
pub(super) fn of_crate(file: &Path) -> Result<Vec<Module>, Failure> {
    let mut modules = Vec::new();
    let mut open = vec![(file.to_path_buf(), Vec::new(), false)];
    while let Some((file, path, is_test)) = open.pop() {
        read(&file, path, is_test, &mut modules, &mut open)?;
    }
    Ok(modules)
}

/// A file to read: where it is, the path of its module, and whether it is a test.
type Open = (PathBuf, Vec<String>, bool);

fn read(
    file: &Path,
    path: Vec<String>,
    is_test: bool,
    modules: &mut Vec<Module>,
    open: &mut Vec<Open>,
) -> Result<(), Failure> {
    let syntax = syn::parse_file(&workspace::read(file)?)
        .map_err(|error| format!("{} cannot be read as Rust: {error}", file.display()))?;
    let folder = file.parent().unwrap_or(file);
    // The root of a crate and `mod.rs` have their modules beside them, other files in a folder of their name.
    let is_beside = path.is_empty() || file.file_name().is_some_and(|name| name == "mod.rs");
    let children = if is_beside {
        folder.to_path_buf()
    } else {
        folder.join(file.file_stem().unwrap_or_default())
    };
    let mut reader = Reader {
        file,
        children,
        is_test: is_test || syntax.attrs.iter().any(is_cfg_test),
        in_body: false,
        in_macro_rules: false,
        current: modules.len(),
        modules,
        open,
    };
    reader.begin(path);
    reader.visit_file(&syntax);
    Ok(())
}

struct Reader<'a> {
    file: &'a Path,
    /// The folder that holds the modules declared here.
    children: PathBuf,
    is_test: bool,
    /// Whether the code is inside a function, where items have no path.
    in_body: bool,
    /// Whether the code is inside `macro_rules!`, where `self` and `super` depend on the caller.
    in_macro_rules: bool,
    /// The module whose code is being read.
    current: usize,
    modules: &'a mut Vec<Module>,
    open: &'a mut Vec<Open>,
}

impl Reader<'_> {
    fn begin(&mut self, path: Vec<String>) {
        self.current = self.modules.len();
        self.modules.push(Module {
            path,
            file: self.file.to_path_buf(),
            is_test: self.is_test,
            items: BTreeSet::new(),
            imports: Vec::new(),
            names: Vec::new(),
        });
    }

    fn module(&mut self) -> &mut Module {
        &mut self.modules[self.current]
    }

    /// Reads a node that attributes may restrict to tests.
    fn gated(&mut self, attributes: &[Attribute], visit: impl FnOnce(&mut Self)) {
        let outside = self.is_test;
        self.is_test |= attributes.iter().any(is_cfg_test);
        visit(self);
        self.is_test = outside;
    }

    fn name(&mut self, segments: Vec<String>, is_external: bool, is_qualified: bool) {
        let is_test = self.is_test;
        self.module().names.push(Name {
            segments,
            is_external,
            is_qualified,
            is_test,
        });
    }

    fn import(&mut self, tree: &UseTree, parents: &[String], item: &ItemUse) {
        let (last, alias) = match tree {
            UseTree::Path(path) => {
                let parents = [parents, &[path.ident.to_string()]].concat();
                return self.import(&path.tree, &parents, item);
            }
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.import(tree, parents, item));
            }
            UseTree::Glob(_) => (None, None),
            UseTree::Name(name) => (Some(name.ident.to_string()), None),
            UseTree::Rename(rename) => (Some(rename.ident.to_string()), Some(rename.rename.to_string())),
        };
        let mut segments = parents.to_vec();
        segments.extend(last.clone().filter(|last| last != "self" || parents.is_empty()));
        let import = Import {
            alias: alias.or_else(|| last.and(segments.last().cloned())),
            is_reexport: !matches!(item.vis, Visibility::Inherited),
            name: Name {
                segments,
                is_external: item.leading_colon.is_some(),
                is_qualified: true,
                is_test: self.is_test,
            },
        };
        self.module().imports.push(import);
    }

    fn item_mod(&mut self, module: &ItemMod) {
        let name = module.ident.to_string();
        let path = [self.module().path.as_slice(), std::slice::from_ref(&name)].concat();
        if let Some((_, items)) = &module.content {
            let outside = self.current;
            self.begin(path);
            self.children.push(name);
            items.iter().for_each(|item| self.visit_item(item));
            self.children.pop();
            self.current = outside;
            return;
        }
        let beside = self.file.parent().unwrap_or(self.file);
        // `cfg_attr` may name several files; each of them belongs to the package.
        let mut files: Vec<PathBuf> = module
            .attrs
            .iter()
            .flat_map(|attribute| paths_in(&attribute.meta))
            .map(|path| beside.join(path))
            .collect();
        if files.is_empty() {
            files = vec![
                self.children.join(format!("{name}.rs")),
                self.children.join(name).join("mod.rs"),
            ];
        }
        // The compiler reports a file that does not exist.
        let existing = files.into_iter().filter(|file| file.exists());
        self.open
            .extend(existing.map(|file| (file, path.clone(), self.is_test)));
    }

    /// Finds the paths in tokens: words joined by `::`, and single words that are capitalised like types.
    fn tokens(&mut self, mut cursor: Cursor<'_>) {
        let mut path = TokenPath::default();
        while !cursor.eof() {
            if let Some((ident, rest)) = cursor.ident() {
                if !path.goes_on() {
                    self.end(std::mem::take(&mut path));
                }
                path.push(&ident);
                cursor = rest;
            } else if let Some((punct, rest)) = cursor.punct() {
                if punct.as_char() == ':' {
                    path.colons += 1;
                } else {
                    self.end(std::mem::take(&mut path));
                    path.is_after_angle = punct.as_char() == '>';
                }
                cursor = rest;
            } else if let Some((text, rest)) = cursor.literal() {
                self.end(std::mem::take(&mut path));
                self.literal(&text.to_string());
                cursor = rest;
            } else {
                self.end(std::mem::take(&mut path));
                if let Some((inside, ..)) = cursor.any_group() {
                    self.tokens(inside);
                }
                let Some((_, rest)) = cursor.token_tree() else {
                    return;
                };
                cursor = rest;
            }
        }
        self.end(path);
    }

    fn end(&mut self, path: TokenPath) {
        if self.in_macro_rules
            && path
                .segments
                .first()
                .is_some_and(|first| first == "super" || first == "self")
        {
            return;
        }
        let is_type = |word: &String| word.starts_with(char::is_uppercase);
        let is_qualified = path.segments.len() > 1 || path.is_external || path.is_after_use || path.colons == 2;
        if !path.segments.is_empty() && !path.is_after_angle && (is_qualified || path.segments.iter().all(is_type)) {
            self.name(path.segments, path.is_external, is_qualified);
        }
    }

    /// `#[serde(with = "crate::path")]` names a path in a string.
    fn literal(&mut self, text: &str) {
        let is_path = |text: &str| syn::parse_str::<syn::Path>(text).is_ok();
        if let Some(text) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'))
            && text.contains("::")
            && is_path(text)
        {
            self.name(text.split("::").map(ToOwned::to_owned).collect(), false, true);
        }
    }
}

/// A path that is being read from tokens.
#[derive(Default)]
struct TokenPath {
    segments: Vec<String>,
    /// The colons since the last word.
    colons: usize,
    is_external: bool,
    is_after_use: bool,
    /// Whether it continues `<Type as Trait>` or `name::<Type>`.
    is_after_angle: bool,
}

impl TokenPath {
    /// Whether the next word belongs to this path.
    fn goes_on(&self) -> bool {
        let starts = self.segments.is_empty() || self.segments == ["use"];
        starts || self.colons == 2
    }

    fn push(&mut self, ident: &Ident) {
        if self.segments == ["use"] {
            self.segments.clear();
            self.is_after_use = true;
        }
        if self.segments.is_empty() {
            self.is_after_angle &= self.colons == 2;
            self.is_external = self.colons == 2 && !self.is_after_angle;
        }
        self.segments.push(ident.to_string());
        self.colons = 0;
    }
}

/// Reads nodes that can have `#[cfg(test)]`.
macro_rules! gated {
    ($($visit:ident: $node:ty),* $(,)?) => {
        $(fn $visit(&mut self, node: &'ast $node) {
            self.gated(&node.attrs, |reader| visit::$visit(reader, node));
        })*
    };
}

impl<'ast> Visit<'ast> for Reader<'_> {
    gated! {
        visit_arm: syn::Arm,
        visit_field: syn::Field,
        visit_field_value: syn::FieldValue,
        visit_impl_item_const: syn::ImplItemConst,
        visit_impl_item_fn: syn::ImplItemFn,
        visit_local: syn::Local,
        visit_stmt_macro: syn::StmtMacro,
        visit_trait_item_fn: syn::TraitItemFn,
        visit_variant: syn::Variant,
    }

    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = head(item);
        if !self.in_body {
            self.module().items.extend(name.map(ToString::to_string));
        }
        self.gated(attributes, |reader| match item {
            Item::Mod(module) => {
                module
                    .attrs
                    .iter()
                    .for_each(|attribute| reader.visit_attribute(attribute));
                reader.item_mod(module);
            }
            Item::Macro(call) if call.ident.is_some() => {
                reader.in_macro_rules = true;
                visit::visit_item(reader, item);
                reader.in_macro_rules = false;
            }
            item => visit::visit_item(reader, item),
        });
    }

    fn visit_block(&mut self, block: &'ast Block) {
        let outside = std::mem::replace(&mut self.in_body, true);
        visit::visit_block(self, block);
        self.in_body = outside;
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.import(&item.tree, &[], item);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        self.name(vec![item.ident.to_string()], true, true);
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let is_external = path.leading_colon.is_some();
        let is_qualified = is_external || segments.len() > 1;
        self.name(segments, is_external, is_qualified);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        visit::visit_macro(self, call);
        let quotes = ["quote", "quote_spanned", "parse_quote"];
        let last = call.path.segments.last().map(|segment| segment.ident.to_string());
        if !last.is_some_and(|name| quotes.contains(&name.as_str())) {
            self.tokens(TokenBuffer::new2(call.tokens.clone()).begin());
        }
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.tokens(TokenBuffer::new2(list.tokens.clone()).begin());
        }
        if attribute.path().segments.len() > 1 {
            self.visit_path(attribute.path());
        }
    }
}

/// The attributes and the name of an item.
fn head(item: &Item) -> (&[Attribute], Option<&Ident>) {
    match item {
        Item::Const(item) => (&item.attrs, Some(&item.ident)),
        Item::Enum(item) => (&item.attrs, Some(&item.ident)),
        Item::ExternCrate(item) => (&item.attrs, None),
        Item::Fn(item) => (&item.attrs, Some(&item.sig.ident)),
        Item::Impl(item) => (&item.attrs, None),
        Item::Macro(item) => (&item.attrs, item.ident.as_ref()),
        Item::Mod(item) => (&item.attrs, None),
        Item::Static(item) => (&item.attrs, Some(&item.ident)),
        Item::Struct(item) => (&item.attrs, Some(&item.ident)),
        Item::Trait(item) => (&item.attrs, Some(&item.ident)),
        Item::Type(item) => (&item.attrs, Some(&item.ident)),
        Item::Union(item) => (&item.attrs, Some(&item.ident)),
        Item::Use(item) => (&item.attrs, None),
        _ => (&[], None),
    }
}

/// Whether an attribute restricts its item to tests.
fn is_cfg_test(attribute: &Attribute) -> bool {
    fn needs_test(condition: &Meta) -> bool {
        match condition {
            Meta::Path(path) => path.is_ident("test"),
            Meta::List(list) if list.path.is_ident("all") => metas(list).iter().any(needs_test),
            _ => false,
        }
    }
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<Meta>()
            .is_ok_and(|condition| needs_test(&condition))
}

/// The files that `#[path = …]` names, also inside `cfg_attr`.
fn paths_in(meta: &Meta) -> Vec<String> {
    match meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(path) => vec![LitStr::value(path)],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        },
        Meta::List(list) if list.path.is_ident("cfg_attr") => metas(list).iter().skip(1).flat_map(paths_in).collect(),
        _ => Vec::new(),
    }
}

/// The comma-separated parts of an attribute; none if it has another form.
fn metas(list: &MetaList) -> Vec<Meta> {
    let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
    list.parse_args_with(parse)
        .map(|metas| metas.into_iter().collect())
        .unwrap_or_default()
}
