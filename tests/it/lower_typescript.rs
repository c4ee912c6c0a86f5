//! Lowering of TypeScript and JavaScript, and of scripts in single-file components.

use authlint::facts::{FileFacts, FunctionId, Target, Value};
use authlint::source::{FileId, Source};

use crate::support::facts_of;

fn lowered(path: &str, text: &str) -> FileFacts {
    authlint::lower::lower(&Source::new(FileId(0), path, text)).expect("a known syntax")
}

/// Each line of `expected` is among the facts, in this order.
#[track_caller]
fn tells(path: &str, text: &str, expected: &str) {
    let all = facts_of(path, text);
    let mut facts = all.lines();
    for line in expected.trim().lines().map(str::trim) {
        assert!(facts.any(|f| f == line), "not told (or not in this order): {line}\nall facts:\n{all}");
    }
}

/// The facts of one kind, without the others.
#[track_caller]
fn only(path: &str, text: &str, kind: &str, expected: &str) {
    let all = facts_of(path, text);
    let of_kind = |l: &&str| l.split_once(": ").is_some_and(|(_, fact)| fact.starts_with(kind));
    let found: Vec<_> = all.lines().filter(of_kind).collect();
    let expected: Vec<_> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(found, expected, "all facts:\n{all}");
}

#[test]
fn imports_of_both_module_systems() {
    let text = "\
import def, { a as b, type C, default as dd } from 'm1';
import * as ns from \"m2\";
import 'effect';
import type { T } from './types';
import x = require('m3');
const y = require('m4');
const { p, q: r } = require('m5');
const z = require('m6').z, d = require('m6').default;
require('side/effect');
async function f() {
  const { verify } = await import('m8');
  const m = await import(`lazy`);
  const k = (await import('lazy2')).default;
}";
    only(
        "a.ts",
        text,
        "import",
        "1: import def = default of m1
         1: import b = a of m1
         1: import C = C of m1
         1: import dd = default of m1
         2: import ns = module of m2
         3: import  = effect of effect
         4: import T = T of ./types
         5: import x = module of m3
         6: import y = module of m4
         7: import p = p of m5
         7: import r = q of m5
         8: import z = z of m6
         8: import d = default of m6
         9: import  = effect of side/effect
         11: import verify = verify of m8
         12: import m = module of lazy
         13: import k = default of lazy2",
    );
    let facts = lowered("a.ts", text);
    let verify = facts.imports.iter().find(|i| i.local == "verify").unwrap();
    assert_eq!(facts.function(verify.function).name, "f");
    assert!(facts.writes.is_empty(), "an import is no write");
}

#[test]
fn a_module_used_where_it_is_required_gets_a_name() {
    tells(
        "a.js",
        "require('m').config({ a: 1 });\nconst app = require('m')();\nconst { u = 1, ...rest } = require('n');",
        r#"1: call require("m").config({a: 1}) (dropped)
           1: import require("m") = module of m
           2: declare app = require("m")()
           3: declare u = either(require("n").u | 1)
           3: declare rest = {...require("n"), u: null}
           3: import require("n") = module of n"#,
    );
}

#[test]
fn exports() {
    only(
        "a.ts",
        "export const x = 1, y = () => 2;
export default function main() {}
export { x as xx, y };
export { g, h as i } from './g';
export * from './all';
export * as ns from './ns';
export class K {}
export interface I {}
export const { aa, bb: [cc] } = f();
@Dec() export class S {}
export = x;
namespace N { export const hidden = 1; }
export const lib = require('lib');",
        "export",
        "1: export x = x
         1: export y = y
         2: export default = main
         3: export xx = x
         3: export y = y
         4: export g = g of ./g
         4: export i = h of ./g
         5: export * = * of ./all
         6: export ns = * of ./ns
         7: export K = K
         8: export I = I
         9: export aa = aa
         9: export cc = cc
         10: export S = S
         11: export = = x
         13: export lib = lib",
    );
    only("a.ts", "export default { a: 1 };", "export", "1: export default = {a: 1}");
    only("a.ts", "export default async (req) => 1;", "export", "1: export default = fn#1");
    only("a.ts", "export default class extends B {}", "export", "1: export default = default");
}

#[test]
fn common_js_exports() {
    only(
        "a.js",
        "module.exports = { a, b };
module.exports.c = function () {};
exports.d = async (x) => x;
exports = module.exports = router;",
        "export",
        "1: export = = {a: a, b: b}
         2: export c = fn#1
         3: export d = fn#2
         4: export = = router",
    );
    only(
        "a.js",
        "exports.d = async (x) => x;\nX.prototype.m = function () {};",
        "function",
        "1: function#1 d(x)
         2: function#2 m()",
    );
}

#[test]
fn writes_and_destructuring() {
    tells(
        "a.ts",
        "const { a, b: { c = 3 }, ...rest } = obj;
const [d, , e] = list();
let v; v = 1; v += 'x'; v ??= 2; v ||= w; v -= 1; v++;
this.f = 1; o['g'].h = 2; o[k] = 3; o[0] = 4;
Object.assign(opts, { a: 1 }, more);
const merged = Object.assign({}, x);
delete o.y; arr.push(1, ...n); s.items.push(p);
({ z } = o);
for (const i of list) {}",
        "1: declare a = obj.a
         1: declare c = either(obj.b.c | 3)
         1: declare rest = {...obj, a: null, b: null}
         2: declare d = list().0
         2: declare e = list().2
         3: assign v = 1
         3: append v = \"x\"
         3: assign v = either(v | 2)
         3: assign v = either(v | w)
         3: assign v = -(v, 1)
         3: append v = 1
         4: assign this.f = 1
         4: assign o.g.h = 2
         4: assign o[k] = 3
         4: assign o.0 = 4
         5: call Object.assign(opts, {a: 1}, more) (dropped)
         5: merge opts = {a: 1}
         5: merge opts = more
         6: declare merged = {...{}, ...x}
         7: remove o.y = ?
         7: call arr.push(1, *n) (dropped)
         7: append arr = 1
         7: append arr = n
         7: append s.items = p
         8: assign z = o.z
         9: declare i = list.[]",
    );
}

#[test]
fn parameters() {
    let text = "function fn({ id, name = 'x' }, [q], plain: T = 2, ...others) {}";
    tells(
        "a.ts",
        text,
        "1: function#1 fn(, , plain: T = 2, *others)
         1: declare id = param 0 of fn#1.id
         1: declare name = either(param 0 of fn#1.name | \"x\")
         1: declare q = param 1 of fn#1.0",
    );
    let facts = lowered("a.ts", text);
    assert!(facts.writes.iter().all(|w| w.function == FunctionId(1)));
    only("a.ts", "const f = function (this: X, a?: B) {};", "function", "1: function#1 f(a: B)");
    only("a.js", "const f = async a => a;", "function", "1: function#1 f(a)");
}

#[test]
fn literals_and_folding() {
    tells(
        "a.ts",
        r#"const s = 'a\n\x41\u00e9\u{1F600}\uD83D\uDE00\
' + "b" + `c`;
const t = `x${y}z`;
const n = 60 * 60 * 24, m = 1000 * 60 + 5, neg = -1, hex = 0x1F, big = 1_000n, pow = 2 ** 3;
const k = DAY * 2;
const j = 'a' + b + 'c' + 'd';
const nul = [null, undefined, this, true];
const re = /ab+c/gi;
const d = 1 / 0;"#,
        r#"1: declare s = "a\nAé😀😀bc"
           3: declare t = join("x" + y + "z")
           4: declare n = 86400
           4: declare m = 60005
           4: declare neg = -1
           4: declare hex = 31
           4: declare big = 1000
           4: declare pow = 8
           5: declare k = *(DAY, 2)
           6: declare j = join("a" + b + "cd")
           7: declare nul = [null, null, this, true]
           8: declare re = RegExp("ab+c")
           9: declare d = /(1, 0)"#,
    );
}

#[test]
fn operators_calls_and_members() {
    tells(
        "a.ts",
        "const e = a || b || c, f = a ?? b, n = !x, n2 = !!x;
const cmp = a !== b, inn = 'k' in o, inc = roles.includes(role), ty = typeof x === 'string';
const aw = await call(1);
const as = (x as any)!.y, sat = x satisfies T, cast = <T>x;
const oc = a?.b?.(c)?.[0]?.['d'];
const nw = new Foo(a, ...b);
const tag = sql`select ${id}`;
const ob = { a, 'b-c': 1, [k]: 2, ['l']: 3, ...sp, m() {}, get n() {}, o: () => 3, 5: 1 };
const im = import.meta.env.KEY, pe = process.env.SECRET;
const sq = (a, b);
const cx = req.body[key];",
        "1: declare e = either(a | b | c)
         1: declare f = either(a | b)
         1: declare n = ?
         1: declare n2 = ?
         2: compare a NotEqual b
         2: compare \"k\" In o
         2: call roles.includes(role)
         2: compare role In roles
         2: compare ? Equal \"string\"
         3: declare aw = await call(1)
         4: declare as = x.y
         4: declare sat = x
         4: declare cast = x
         5: declare oc = a.b(c).0.d
         6: declare nw = new Foo(a, *b)
         7: declare tag = sql(join(\"select \" + id))
         8: declare ob = {a: a, b-c: 1, [k]: 2, l: 3, ...sp, m: fn#1, n: fn#2, o: fn#3, 5: 1}
         9: declare im = import.meta.env.KEY
         9: declare pe = process.env.SECRET
         10: declare sq = b
         11: declare cx = req.body.[]",
    );
    only(
        "a.ts",
        "f(); await g(); x && h(); void i(); const a = j(); k(l());",
        "call",
        "1: call f() (dropped)
         1: call await g() (dropped)
         1: call h() (dropped)
         1: call i() (dropped)
         1: call j()
         1: call k(l()) (dropped)
         1: call l()",
    );
}

#[test]
fn conditions_guard_what_they_hold_for() {
    only(
        "a.ts",
        "if (!user) { a(); } else if (user.id === req.id && ok(user)) b(); else c();
if (!user || !user.admin) d();
if (!(a || b)) e();
if (a || b.c) f();
const g = a && b && c();
const h = t ? x : !u ? y : z;",
        "region",
        "1: region#1 branch [!user]
         1: region#2 branch [user.id && ok(user)]
         1: region#3 else []
         2: region#4 branch [!either(user | user.admin)]
         3: region#5 branch [!a && !b]
         4: region#6 branch [either(a | b.c)]
         5: region#7 branch [a]
         5: region#8 branch [b]
         6: region#9 branch [t]
         6: region#10 branch [!u]
         6: region#11 else []",
    );
    let facts = lowered("a.ts", "if (a) b(); else if (c) d(); else e();");
    let groups: Vec<_> = facts.regions[1..].iter().map(|r| r.group.0).collect();
    assert_eq!(groups, [1, 1, 1]);
    let facts = lowered("a.ts", "const x = a && b();");
    assert_eq!(facts.calls[0].region.0, 1, "the right side of && stands in the branch");
}

#[test]
fn statements_open_regions_and_leave_them() {
    tells(
        "a.ts",
        "function f() {
  switch (user.role) { case 'admin': x(); break; default: y(); }
  for (const i of list) { continue; }
  try { t(); } catch (e) { throw e; } finally { fin(); }
  label: for (let i = 0; i < 3; i++) {}
  return 1;
}",
        "1: function#1 f()
         2: region#2 branch [user.role]
         2: compare user.role Equal \"admin\"
         2: leave
         2: region#3 else []
         3: region#4 loop []
         3: leave
         4: region#5 try []
         4: region#6 catch []
         4: declare e = ?
         4: throw e
         4: region#7 finally []
         5: region#8 loop []
         5: compare i Less 3
         6: return 1",
    );
}

#[test]
fn test_callbacks_are_test_code() {
    let facts = lowered(
        "a.test.ts",
        "describe('x', () => { it('y', async () => { inside(); }); });
it.each([1])('z', function () { inside(); });
beforeEach(() => { inside(); });
test(sample); it(() => { outside(); }); outside();",
    );
    for call in &facts.calls {
        match facts.value(call.callee) {
            Value::Name(n) if n == "inside" => assert!(facts.in_test(call.region)),
            Value::Name(n) if n == "outside" => assert!(!facts.in_test(call.region)),
            _ => {}
        }
    }
}

#[test]
fn classes_with_decorators() {
    let text = "@Controller('users')
class U extends Base(Strategy) implements I, J.K {
  @Column({ x: 1 }) private name: string = 'n';
  opt?: number | null;
  static { init(); }
  handler = async (req: Request) => { send(); };
  constructor(private readonly svc: Service<User>, @Inject(TOKEN) t: T) { super(); }
  @UseGuards(AuthGuard('a'))
  @Get(':id') async one(@Param('id') id: string): Promise<User[]> { return 1; }
  #priv() {}
  overload(a: string): void;
  overload(a: any) {}
}";
    tells(
        "a.ts",
        text,
        "1: type U(Base(Strategy), I, J.K) {name: string = \"n\", opt?: number, handler = fn#1, svc: Service<User>}
         1: attribute Controller(\"users\") on Type(TypeId(0))
         3: attribute Column({x: 1}) on Field(TypeId(0), 0)
         5: call init() (dropped)
         6: function#1 U.handler(req: Request)
         7: function#2 U.constructor(svc: Service<User>, t: T)
         7: attribute Inject(TOKEN) on Param(FunctionId(2), 1)
         8: attribute UseGuards(AuthGuard(\"a\")) on Function(FunctionId(3))
         9: attribute Get(\":id\") on Function(FunctionId(3))
         9: function#3 U.one(id: string)
         9: attribute Param(\"id\") on Param(FunctionId(3), 0)
         10: function#4 U.#priv()
         12: function#5 U.overload(a: any)",
    );
    let facts = lowered("a.ts", text);
    assert!(facts.functions[2].is_constructor && facts.functions[2].params[0].field);
    assert!(!facts.functions[2].params[1].field);
    assert!(facts.functions[3].is_async && facts.functions[3].returns.is_some());
}

#[test]
fn interfaces_aliases_and_enums() {
    tells(
        "a.ts",
        "interface Q extends R<S> { a: string; b?: Date[]; c: string | undefined; d: 'x' | 'y'; m(): void }
type Z = Base & { k: typeof conf; l: Q['a'] };
type Y = s.infer<typeof Schema>;
enum E { A, B, C = 5, D, S = 's' }
const X = class { x = 1 };",
        "1: type Q(R) {a: string, b?: Array<Date>, c?: string, d: either(\"x\" | \"y\")}
         2: type Z(Base) {k: conf, l: Q.a}
         3: type Y(s.infer, Schema) {}
         4: type E() {A = 0, B = 1, C = 5, D = 6, S = \"s\"}
         4: declare E = {A: 0, B: 1, C: 5, D: 6, S: \"s\"}
         5: type X() {x = 1}",
    );
}

#[test]
fn elements_are_calls_with_props() {
    tells(
        "a.tsx",
        "const el = <Route path=\"/a\" element={<Page id={user.id} />} {...rest} flag>{f(1)} text {/* authlint-ignore a */}</Route>;
const fr = <><A.B/></>;",
        "1: call Route({path: \"/a\", element: Page({id: user.id}), ...rest, flag: true, children: [f(1)]})
         1: call Page({id: user.id})
         1: call f(1)
         1: note \"authlint-ignore a\"
         2: declare fr = [A.B({})]",
    );
    tells("a.js", "const a = <b c='d'/>;", "1: declare a = b({c: \"d\"})");
}

#[test]
fn comments_and_directives() {
    tells(
        "a.ts",
        "'use server';\n// authlint-ignore-next-line x\nf(); // authlint-ignore y\n// other",
        "1: attribute \"use server\" on Function(FunctionId(0))
         2: note \"authlint-ignore-next-line x\" (own line)
         3: note \"authlint-ignore y\"",
    );
}

#[test]
fn a_syntax_error_costs_only_its_own_place() {
    let text = "const a = f(1);\nconst = = ) 3;\nfunction g() { h(2); }\nk(3);\nif (x { y(4); }\nz(5);\n";
    tells("a.ts", text, "1: call f(1)\n3: function#1 g()\n3: call h(2) (dropped)\n4: call k(3) (dropped)");
    let facts = lowered("a.ts", text);
    assert_eq!(facts.troubles.len(), 1);
    assert_eq!(facts.calls.len(), 5, "{:#?}", facts_of("a.ts", text));
    assert!(facts.troubles[0].message.contains("syntax error near here"));
    // The statement that the file breaks off in is lost, what stands before it is not.
    let cut = "f(1);\napp.get('/a', (req) => {\n  g(2);\n  verify(req.token, { algorithms: ['none']\n";
    tells("a.ts", cut, "1: call f(1) (dropped)\n3: call g(2) (dropped)");
}

#[test]
fn odd_texts() {
    assert_eq!(facts_of("a.ts", ""), "");
    assert_eq!(facts_of("a.vue", ""), "");
    tells(
        "a.ts",
        "f('é😀');\r\n// ü authlint-ignore\r\ng(`a\\\r\nb`);\r\n",
        "1: call f(\"é😀\") (dropped)\n2: note \"ü authlint-ignore\" (own line)\n3: call g(\"ab\") (dropped)",
    );
    tells("a.ts", "\u{feff}import a from 'm';\n", "1: import a = default of m");
    for text in [
        "'",
        "`",
        "`${",
        "\"\\",
        "'\\u",
        "'\\u{",
        "'\\xé'",
        "'\\u00é0'",
        "'\\uD83D\\u00é'",
        "a.",
        "x[",
        "<a",
        "0x",
        "é",
        "class {",
        "@",
        "\0",
        "import",
        "export",
        "export {",
        "const {",
    ] {
        for path in ["a.ts", "a.tsx", "a.js", "a.vue"] {
            let facts = lowered(path, text);
            assert!(facts.values.iter().all(|v| text.get(v.span.range()).is_some()), "{path} {text}");
        }
    }
}

#[test]
fn only_scripts_of_a_component_are_read_and_stay_where_they_are() {
    let text = "<template>\r\n  <p>é {{ notCode() }}</p>\r\n</template>\r\n<!-- <script>old()</script> -->\r\n<script lang=\"ts\" generic=\"T extends A<B>\">\r\nconst a = <T>f('é');\r\n</script>\r\n<SCRIPT setup>\r\ng();\r\n</SCRIPT>\r\n<script type=\"application/json\">{ h() }</script>";
    only("a.vue", text, "call", "6: call f(\"é\")\n9: call g() (dropped)");
    let facts = lowered("a.vue", text);
    assert_eq!(&text[facts.calls[0].span.range()], "f('é')");
    assert!(facts.troubles.is_empty());
    only("a.svelte", "<script>\nf();\n", "call", "2: call f() (dropped)");
    assert!(lowered("a.svelte", "<scripty>f()</scripty>").calls.is_empty());
}

#[test]
fn grammars_are_chosen_by_ending_and_by_success() {
    assert!(lowered("a.mts", "const x = <T>y;").troubles.is_empty());
    assert!(lowered("a.jsx", "const x = <T>y</T>;").troubles.is_empty());
    assert!(lowered("a.js", "const f = (x: string) => x;").troubles.is_empty());
    assert!(lowered("a.cjs", "with (a) { b(); }\nmodule.exports = 1;").troubles.is_empty());
}

fn on_a_big_stack(text: String) -> FileFacts {
    let run = move || lowered("deep.ts", &text);
    std::thread::Builder::new().stack_size(64 << 20).spawn(run).unwrap().join().unwrap()
}

#[test]
fn deep_nesting_is_given_up_and_the_rest_is_kept() {
    const N: usize = 10_000;
    let nests = [
        ("(", ")"),
        ("[", "]"),
        ("f(", ")"),
        ("!", ""),
        ("{ ", "}"),
        ("if (a) ", ""),
        ("() => ", ""),
        ("await ", ""),
        ("a[", "]"),
        ("`${", "}`"),
        ("new ", ""),
        ("(!(", ") && a)"),
    ];
    for (open, close) in nests {
        let text = format!("{}x{};\nafter(1);\n", open.repeat(N), close.repeat(N));
        let facts = on_a_big_stack(text);
        let after =
            |w: &authlint::facts::Call| matches!(facts.value(w.callee), Value::Name(n) if n == "after");
        assert!(facts.calls.iter().any(after), "{open}");
    }
}

#[test]
fn long_chains_are_read_to_their_end() {
    const N: usize = 10_000;
    let chains = [
        ("const a = x0", " + x", ""),
        ("p", ".then(() => 1)", ""),
        ("a", " || b", ""),
        ("a", " && b()", ""),
        ("", "c ? 1 : ", "2"),
        ("a", ".b", "()"),
        ("if (a) b();", " else if (a) b();", ""),
        ("type T = A", " | B", ""),
        ("const a = (1", ", 2", ")"),
    ];
    for (first, link, last) in chains {
        let facts = on_a_big_stack(format!("{first}{}{last};\nafter(1);\n", link.repeat(N)));
        assert!(facts.troubles.is_empty(), "{link}: {:?}", facts.troubles);
        assert_eq!(facts.calls.last().map(|c| c.dropped), Some(true), "{link}");
    }
    let facts = on_a_big_stack(format!("const a = 'x'{};", " + 'x'".repeat(N)));
    let Target::Variable(_) = &facts.writes[0].target else { panic!("a variable") };
    assert!(matches!(facts.value(facts.writes[0].value), Value::Text(t) if t.len() == N + 1));
}
