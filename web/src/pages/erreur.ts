import "../style/base.css";
import "../style/staff.css";
import "../style/sign-in.css";
import { applyLanguage } from "../text/text";
import "../ui/error-page";

applyLanguage();
