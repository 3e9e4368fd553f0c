//! Schemas of barrel's `create_table("users", |t| …)`.

use crate::base::Place;
use crate::facts::sql::{Change, ColumnDecl, TableName};
use crate::facts::strings;
use crate::parse::tree::body::{Expr, ExprId};

use super::Builders;

impl Builders<'_, '_> {
    /// barrel: `migration.create_table("users", |t| { t.add_column("id", types::primary()); })`.
    pub(super) fn barrel(&self) -> Vec<(u32, Place, Change)> {
        let mut found = Vec::new();
        for (id, expr) in self.view.body.exprs.iter_enumerated() {
            let Expr::MethodCall { name, args, .. } = expr else { continue };
            let text = |at: usize| {
                let text = strings::text_of(self.cx, &self.view, *args.get(at)?)?;
                text.exact().map(|text| TableName { name: text.to_lowercase(), schema: None })
            };
            let Some(table) = text(0) else { continue };
            let change = match name.as_str() {
                "create_table" | "create_table_if_not_exists" => {
                    let columns = args.get(1).map_or_else(Vec::new, |&body| self.barrel_columns(body));
                    Change::Create { table, columns, keys: Vec::new(), unless_exists: true }
                }
                "drop_table" | "drop_table_if_exists" => Change::Drop { table },
                "rename_table" => match text(1) {
                    Some(to) => Change::Rename { from: table, to },
                    None => continue,
                },
                _ => continue,
            };
            found.push((self.view.body.ranges[id].start, self.place(id), change));
        }
        found.sort_by_key(|(start, ..)| *start);
        found
    }

    fn barrel_columns(&self, closure: ExprId) -> Vec<ColumnDecl> {
        let range = self.view.body.ranges[closure];
        let inside = self
            .view
            .body
            .exprs
            .iter_enumerated()
            .filter(|(id, _)| range.contains(self.view.body.ranges[*id]));
        let mut columns: Vec<(u32, ColumnDecl)> = inside
            .filter_map(|(id, expr)| {
                let Expr::MethodCall { name, args, .. } = expr else { return None };
                let (column, ty) = match (name.as_str(), &**args) {
                    ("add_column", [column, ty, ..]) => (*column, *ty),
                    _ => return None,
                };
                let name = strings::text_of(self.cx, &self.view, column)?.exact()?.to_owned();
                let (call, chain) = self.inside(ty);
                let ty = match self.view.expr(call) {
                    Expr::Call { callee, .. } => match self.view.expr(*callee) {
                        Expr::Path(path) => path.last()?.to_string(),
                        _ => return None,
                    },
                    _ => return None,
                };
                let nullable = chain.iter().any(|(name, _)| name == "nullable");
                let start = self.view.body.ranges[id].start;
                Some((start, ColumnDecl { name, primary_key: ty == "primary", ty, nullable }))
            })
            .collect();
        columns.sort_by_key(|(start, _)| *start);
        columns.into_iter().map(|(_, column)| column).collect()
    }
}
