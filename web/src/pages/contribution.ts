import "../style/base.css";
import "../style/privacy.css";
import "../ui/contribution-page";
import { applyLanguage } from "../text/text";

applyLanguage();
