import CLeptonica
import CTurboJPEG
import CZBar
import Peripherals

enum PageImaging {}
