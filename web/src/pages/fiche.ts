import "../style/base.css";
import "../style/map.css";
import "../style/police.css";
import "../ui/patrol-sheet";
import { applyLanguage } from "../text/text";

applyLanguage();
