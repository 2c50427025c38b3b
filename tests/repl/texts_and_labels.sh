#!/usr/bin/env bash
# Texts and labels in the REPL: models read texts, labels stand for positions, in any script.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

printf '床前明月光疑是地上霜\n举头望明月低头思故乡\n' >诗.txt
cat >session <<'WEFT'
axis 批, 时, 维 = 2
data 诗 = lines[批: 2, 时: 4]("诗.txt", tokens = words())
axis 词 = 诗.vocab, 类 = labels("好", "坏")
let 表 = Embed[词, 维]()
fn 词们(文: 词[批, 时]) -> 词[批, 时] { return 文 }
词们("举头望明月")
sum[维](abs(at[词](表.table, "明月") - 表("明月")))
类
at[词](表.table, "明日")
at[类](zeros[类](), "号")
40 + 2
"一" + "二"
WEFT
input=session
weft repl <session >out 2>err
status=$?
last="weft repl, with texts"
((status == 2)) || fault "$last: exit status $status"
out_has '明月'
out_has 'axis 类 = 2: 好, 坏'
out_has 42
out_has 一二
# With the data open a label is looked up while the line is checked.
err_has '"明日" is no label of `词`'
err_has '"号" is no label of `类`'
finish
