import "../style/base.css";
import "../style/privacy.css";
import "../ui/privacy-page";
import { applyLanguage } from "../text/text";

applyLanguage();
