import CLCMS
import CLeptonica
import CQPDF
import CTesseract
import Peripherals

enum ArchivalDocument {}
