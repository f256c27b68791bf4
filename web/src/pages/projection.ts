import "../style/base.css";
import "../style/map.css";
import "../style/projection.css";
import "../ui/projection-page";
import { applyLanguage } from "../text/text";

applyLanguage();
