"""Which of our languages some words are in, for `lang=""`: fonts and speech depend on it."""

import re

# Frequent characters that were simplified, each beside its traditional form.
_PAIRS = (
    "这這个個们們来來时時说說为為会會对對没沒过過还還让讓开開关關给給见見问問应應实實现現发發动動经經进進"
    "东東车車书書长長门門马馬鸟鳥鱼魚龙龍国國学學习習买買卖賣读讀写寫话話语語请請谢謝认認识識谁誰难難题題"
    "头頭体體点點热熱爱愛样樣么麼吗嗎儿兒几幾两兩间間电電脑腦机機网網络絡视視频頻图圖区區医醫药藥边邊远遠"
    "运運钱錢银銀铁鐵错錯记記设設计計论論评評试試该該详詳误誤调調谈談诉訴词詞译譯变變总總统統结結级級组組"
    "细細线線终終续續维維红紅绿綠蓝藍约約给給纸紙练練织織继繼绩績编編缘緣坏壞块塊场場处處备備复復够夠"
    "奖獎妈媽孙孫宝寶宽寬岁歲师師带帶帮幫庆慶库庫张張强強归歸当當录錄忆憶怀懷态態惊驚惯慣戏戲户戶扩擴"
    "报報护護拥擁择擇挂掛换換据據显顯暂暫术術权權条條极極构構标標树樹检檢欢歡气氣汉漢汤湯测測济濟浏瀏"
    "灯燈灵靈炼煉烦煩独獨环環产產画畫疗療盘盤码碼础礎确確离離种種积積称稱穷窮竞競笔筆签簽简簡类類紧緊"
    "罗羅职職联聯声聲肤膚胜勝脚腳虑慮虽雖补補装裝观觀规規觉覺订訂议議讨討许許证證诚誠质質贴貼费費资資"
    "赛賽赞讚赶趕趋趨跃躍转轉轮輪软軟较較输輸达達迁遷选選逻邏遗遺邮郵释釋针針钟鐘键鍵锁鎖镜鏡闭閉"
    "闲閒闻聞阅閱队隊阶階际際陆陸随隨隐隱页頁项項顺順须須预預领領颜顏额額风風飞飛饭飯馆館驱驅验驗鲜鮮齐齊"
)
_SIMPLIFIED = frozenset(_PAIRS[0::2])
_TRADITIONAL = frozenset(_PAIRS[1::2])
_ASIDE = re.compile(r"```.*?(?:```|\Z)|`[^`]*`|https?://\S+", re.DOTALL)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD = re.compile(r"[A-Za-z]+")


def language_of(text: str) -> str:
    """`en`, `zh-hans` or `zh-hant`; code and addresses do not count."""
    words = _ASIDE.sub(" ", text)
    han = _HAN.findall(words)
    if not han or len(han) < len(_WORD.findall(words)):
        return "en"
    simplified = sum(character in _SIMPLIFIED for character in han)
    traditional = sum(character in _TRADITIONAL for character in han)
    return "zh-hant" if traditional > simplified else "zh-hans"
