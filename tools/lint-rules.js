const isStatement = /^\s*(with|select|insert|update|delete|merge|truncate)\b/i;

/** The text of a statement sent by `sql` or `tx`; undefined for a fragment, or another tag. */
function statementOf({ tag, quasi }) {
  if (tag.type !== 'Identifier' || !['sql', 'tx'].includes(tag.name)) return undefined;
  const text = quasi.quasis.map(({ value }) => value.raw).join('$');
  return isStatement.test(text) ? text : undefined;
}

const nameOf = ({ filename }) => filename.split('/').at(-1);

/** SQL stands where a reader looks for it. */
const sqlInStores = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    TaggedTemplateExpression(node) {
      if (/(^|-)(store|views)\.ts$|^platform-/.test(nameOf(context)) || statementOf(node) === undefined) return;
      context.report({ node, message: 'SQL stands in store.ts, views.ts or platform-*.ts.' });
    },
  }),
};

/** Tables can be spread by partner only while every statement says which one. `insert … ${tx(row)}` names it in the row. */
const sqlNamesPartner = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    TaggedTemplateExpression(node) {
      const text = statementOf(node);
      if (text === undefined || nameOf(context).startsWith('platform-') || /\bpartner_id\b/.test(text)) return;
      const isRowInsert =
        /^\s*insert\b/i.test(text) && node.quasi.expressions.some(({ type }) => type === 'CallExpression');
      if (!isRowInsert) context.report({ node, message: 'The statement does not name partner_id.' });
    },
  }),
};

const disableWithReason = {
  meta: { type: 'suggestion', schema: [] },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (/^\s*eslint-disable/.test(comment.value) && !/\s--\s+\S/.test(comment.value)) {
          context.report({ loc: comment.loc, message: 'Say why the rule is off, after " -- ".' });
        }
      }
    },
  }),
};

/** Rules of this house that no package has. */
export const punchcard = {
  rules: {
    'sql-in-stores': sqlInStores,
    'sql-names-partner': sqlNamesPartner,
    'disable-with-reason': disableWithReason,
  },
};
